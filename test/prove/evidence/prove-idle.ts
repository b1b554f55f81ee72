// Does an idle workspace sleep? On the real relay, with a machine that stays connected and nobody who watches: what
// the object had in memory is gone when it wakes, its sockets are not.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../agent/clock.ts';
import { ControlClient } from '../../../agent/control/control-client.ts';
import { enroll } from '../../../agent/enrollment/enroll.ts';
import { createMachineKeyPem, machineKeyFromPem } from '../../../agent/enrollment/machine-key.ts';
import { buildAuditWorker, instanceOf } from '../../harness/audit-worker.ts';
import { waitFor } from '../../harness/wait-for.ts';
import { createEvidenceWorld } from './evidence-world.ts';

/** The last event's checkpoint within 10 s, workerd's own patience after another 10, and some for a busy machine. */
const IDLE_MS = 25_000;
const facts = { hostname: 'idle', os: 'Debian', user: 'nobody', agentVersion: '0' };

/** @returns what did not hold, one sentence each */
export async function proveIdle(signal: AbortSignal): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'caisey-idle-'));
  const world = await createEvidenceWorld(await buildAuditWorker(folder));
  let agent: ControlClient | null = null;
  try {
    await world.start();
    const org = world.newOrg();
    const admin = await world.enter(org);
    const { code } = await admin.call('enrollment.create', { machineName: 'IDLE-01' });
    const key = machineKeyFromPem(createMachineKeyPem());
    const enrolled = await enroll(world.url, { code, publicKey: key.publicKey, facts });
    if (!enrolled.ok) throw new Error(enrolled.text);
    let connected = 0;
    let cuts = 0;
    agent = new ControlClient({
      relayUrl: world.url,
      credential: enrolled.answer.credential,
      key,
      facts,
      clock: systemClock,
      log: (event) => (cuts += Number(event === 'disconnected')),
      sessions: () => [],
      connected: () => (connected += 1),
      requested: () => {},
      refused: () => {},
    });
    agent.start();
    await waitFor('the agent', () => Promise.resolve(connected > 0 ? true : undefined));
    await admin.leave('closed');
    const before = await instanceOf(world.url, org);
    await delay(IDLE_MS, undefined, { signal });
    const breaches: string[] = [];
    if ((await instanceOf(world.url, org)) === before) breaches.push('An idle workspace stayed in memory.');
    if (connected !== 1 || cuts !== 0) breaches.push('An idle workspace let go of its machine.');
    const reviewer = await world.enter(org);
    const { machines } = await reviewer.call('machine.list', { offset: 0, limit: 10 });
    if (machines[0]?.online !== true) breaches.push('A machine of an idle workspace was not online.');
    await reviewer.leave('closed');
    return breaches;
  } finally {
    agent?.dispose();
    await world.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
