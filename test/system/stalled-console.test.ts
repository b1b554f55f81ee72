import { afterAll, beforeAll, expect, it } from 'vitest';
import { CREDIT_WINDOW_BYTES, CREDIT_WINDOW_MAX_BYTES } from '#protocol/frame/frame.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import { waitFor } from '../harness/wait-for.ts';
import { watchMemory } from '../harness/watch-memory.ts';
import { SoakConsole } from '../soak/soak-console.ts';

const OFFERED_BYTES = 400_000_000;
const GROWTH_MAX_MB = 16;
/** Before it is measured as well: the relay then has all that a flood takes of it. */
const FLOOD = "head -c 20000000 /dev/zero | tr '\\0' x";

let system: SmallSystem;
let machine: TestMachine;

beforeAll(async () => {
  system = await startSmallSystem({ preferredPort: 48_970 });
  machine = await system.addMachine('PRIM-STALL-01');
}, 60_000);
afterAll(() => system?.dispose());

it('a console that hangs costs the relay a window at the most, others nothing, and goes on where it was', async () => {
  const { identityUrl: url, orgId: organizationId, relayUrl } = system;
  const session = await signIn({ url, ...people.technician, organizationId });
  const hanging = await SoakConsole.enter({ relayUrl, getToken: () => session.getToken() });
  const sessionId = await hanging.openSession(machine.machineId);
  const stalled = hanging.attach(machine.machineId, sessionId, { onOutput: () => undefined });
  await waitFor('the prompt', () => stalled.offset > 0);
  const other = await (
    await system.enter(people.technician)
  ).openTerminal(machine.machineId, { keepsOutput: false });
  await other.run(FLOOD);

  const memory = watchMemory(system.relayPid);
  const from = stalled.offset;
  hanging.hang(true);
  stalled.type(`head -c ${OFFERED_BYTES} /dev/zero | tr '\\0' x\r`);
  // Time in which a flood that nothing holds back brings more than 40 MB.
  await other.run('sleep 2');
  memory.stop();
  expect(memory.growthMB()).toBeLessThan(GROWTH_MAX_MB);
  expect(stalled.offset - from).toBeLessThanOrEqual(CREDIT_WINDOW_MAX_BYTES);
  await other.run(FLOOD);

  hanging.hang(false);
  await waitFor('its output', () => stalled.offset - from > 20 * CREDIT_WINDOW_BYTES);
  hanging.kill();
});
