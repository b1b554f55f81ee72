import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../build/command-line.ts';
import { createMachineKeyPem, machineKeyFromPem } from '../../agent/enrollment/machine-key.ts';
import { enroll } from '../../agent/enrollment/enroll.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem } from '../harness/small-system.ts';
import { waitFor } from '../harness/wait-for.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';
import type { Bench, BenchRun, Measure } from './bench.ts';
import { CrowdReport } from './crowd-messages.ts';
import type { CrowdOrder } from './crowd-messages.ts';

/** One workspace with as many machines as a large client has, all idle, and what a crash costs them. */
export const agentsBench: Bench = {
  name: 'agents',
  says: '5,000 idle agents on one workspace: memory each, back after a crash, gone without a word',
  run: benchAgents,
};

const AGENTS = 5000;
const SPREAD_MS = 20_000;
/** workerd lets an object without work go after 10 s; its sockets stay. */
const ASLEEP_AFTER_MS = 15_000;
const LIMIT_MS = 120_000;

async function benchAgents({ log, signal }: BenchRun): Promise<readonly Measure[]> {
  const system = await startSmallSystem({
    preferredPort: 48_870,
    // One administrator makes 5,000 codes from one address; nothing else is loosened.
    relayBindings: { RATE_LIMIT_SCALE: '50' },
  });
  let crowd: Crowd | null = null;
  try {
    const machines = await enrollAll(system, log, signal);
    log('starting the relay anew, so that memory counts agents alone');
    await system.killRelay();
    await system.startRelayAgain();
    await (await system.enter(people.admin)).leave('closed');
    await pause(ASLEEP_AFTER_MS, signal);
    const emptyKb = memoryKb(system.relayPid);

    const startedAt = performance.now();
    crowd = startCrowd({ relayUrl: system.relayUrl, spreadMs: SPREAD_MS, machines });
    await crowd.until(AGENTS);
    log(`all welcomed ${seconds(startedAt)} after the first dialled`);
    await pause(ASLEEP_AFTER_MS, signal);
    const idleKb = memoryKb(system.relayPid);

    log('killing the relay');
    const killedAt = performance.now();
    await system.killRelay();
    await crowd.until(0);
    await system.startRelayAgain();
    const upAt = performance.now();
    await crowd.until(AGENTS);
    const allBackMs = performance.now() - killedAt;
    log(`all back ${seconds(upAt)} after the relay answered; ended by: ${crowd.endedText()}`);
    const admin = await system.enter(people.admin);
    const presentAfterCrash = await present(admin);

    log('the agents’ process stands still: every line is half open');
    const stoppedAt = performance.now();
    crowd.signal('SIGSTOP');
    await waitFor('every machine to be shown away', async () => (await present(admin)) === 0, LIMIT_MS);
    const noticedMs = performance.now() - stoppedAt;
    crowd.signal('SIGCONT');
    const resumedAt = performance.now();
    await waitFor('every machine to be online', async () => (await present(admin)) === AGENTS, LIMIT_MS);
    const resumedMs = performance.now() - resumedAt;
    return [
      { name: 'relay without agents', value: emptyKb / 1024, unit: 'MB' },
      { name: `relay with ${AGENTS} idle agents`, value: idleKb / 1024, unit: 'MB' },
      {
        name: 'memory of an idle agent',
        value: (idleKb - emptyKb) / AGENTS,
        unit: 'KB',
        goal: { atMost: 90 },
      },
      { name: 'killed: all back', value: allBackMs / 1000, unit: 's', goal: { atMost: 30 } },
      { name: 'machines shown online then', value: presentAfterCrash, unit: '', goal: { atLeast: AGENTS } },
      { name: 'half open: all shown away', value: noticedMs / 1000, unit: 's', goal: { atMost: 30 } },
      { name: 'moving again: all shown online', value: resumedMs / 1000, unit: 's', goal: { atMost: 30 } },
    ];
  } finally {
    crowd?.signal('SIGKILL');
    await system.dispose();
  }
}

/** Through the front door: a code for each, and the agent's own call with it. */
async function enrollAll(
  system: SmallSystem,
  log: Log,
  signal: AbortSignal,
): Promise<CrowdOrder['machines']> {
  const admin = await system.enter(people.admin);
  const machines: CrowdOrder['machines'] = [];
  const names = Array.from({ length: AGENTS }, (_, index) => `BENCH-${String(index).padStart(5, '0')}`);
  const startedAt = performance.now();
  await inParallel(16, names, async (name) => {
    signal.throwIfAborted();
    const { code } = await admin.call('enrollment.create', { machineName: name });
    const keyPem = createMachineKeyPem();
    const enrolled = await enroll(system.relayUrl, {
      code,
      publicKey: machineKeyFromPem(keyPem).publicKey,
      facts: { hostname: name.toLowerCase(), os: 'Bench', user: 'nobody', agentVersion: '0' },
    });
    if (!enrolled.ok) throw new Error(`${name}: ${enrolled.code} ${enrolled.text}`);
    machines.push({ name, keyPem, credential: enrolled.answer.credential });
    if (machines.length % 1000 === 0) log(`${machines.length} enrolled in ${seconds(startedAt)}`);
  });
  await admin.leave('closed');
  return machines;
}

async function inParallel<T>(
  lanes: number,
  items: readonly T[],
  act: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of queue) await act(item);
    }),
  );
}

interface Crowd {
  until(welcomed: number): Promise<void>;
  endedText(): string;
  signal(name: NodeJS.Signals): void;
}

function startCrowd(order: CrowdOrder): Crowd {
  const child: ChildProcess = fork(fileURLToPath(new URL('agent-crowd.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let welcomed = 0;
  const ended: Record<string, number> = {};
  child.on('message', (message) => {
    const report = CrowdReport.parse(message);
    welcomed = report.welcomed;
    for (const [why, count] of Object.entries(report.ended)) ended[why] = (ended[why] ?? 0) + count;
  });
  child.send(order);
  const endedText = () =>
    Object.entries(ended)
      .map(([why, count]) => `${why} ${count}`)
      .join(', ');
  return {
    endedText,
    async until(count) {
      await waitFor(`${count} welcomed agents`, () => welcomed === count, LIMIT_MS).catch(
        (error: unknown) => {
          throw new Error(`${welcomed} are welcomed; ended by: ${endedText()}`, { cause: error });
        },
      );
    },
    signal: (name) => void child.kill(name),
  };
}

/** How many machines the list shows online, as a console reads it. */
async function present(admin: WorkspacePeer): Promise<number> {
  let online = 0;
  for (let offset = 0, total = 1; offset < total; offset += 500) {
    const page = await admin.call('machine.list', { offset, limit: 500 });
    total = page.total;
    online += page.machines.filter((machine) => machine.online).length;
  }
  return online;
}

/** Resident memory of a process. */
function memoryKb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
