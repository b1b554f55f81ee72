import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { signIn } from '../../../local/identity/sign-in.ts';
import { people } from '../../harness/people.ts';
import { startSmallSystem } from '../../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../../harness/small-system.ts';
import { SoakConsole } from '../../soak/soak-console.ts';
import { runParts } from '../bench.ts';
import type { Bench, BenchPart, BenchRun } from '../bench.ts';
import { compareWithSsh } from './compare.ts';
import { lastBytes } from './last-byte.ts';
import { PROFILE } from './remote-shell.ts';
import { resumes } from './resume.ts';
import { startSshServer } from './ssh-server.ts';
import type { SshServer } from './ssh-server.ts';
import { stalledConsole } from './stalled.ts';

/** What the parts of the bench measure with. */
export interface TerminalRig {
  readonly system: SmallSystem;
  readonly machine: TestMachine;
  readonly ssh: SshServer;
  /** A console that signs in anew. */
  readonly enter: (relayUrl?: string) => Promise<SoakConsole>;
}

export type TerminalPart = BenchPart<TerminalRig>;

const parts: Readonly<Record<string, TerminalPart>> = {
  loopback: (rig, run) => compareWithSsh(rig, run, { roundTripMs: 0 }),
  '50ms': (rig, run) => compareWithSsh(rig, run, { roundTripMs: 50 }),
  '150ms': (rig, run) => compareWithSsh(rig, run, { roundTripMs: 150 }),
  resume: resumes,
  'last-byte': lastBytes,
  stalled: stalledConsole,
};

/** A shell through real agent and relay, received by the console's own connection code, against OpenSSH. */
export const terminalBench: Bench = {
  name: 'terminal',
  says: 'throughput, echo, Ctrl+C, opening against ssh, also over long lines; cuts; the last byte; a stalled console',
  parts: Object.keys(parts),
  run: async (run) => {
    const rig = await startRig(run);
    try {
      return await runParts(parts, rig, run);
    } finally {
      await rig.dispose();
    }
  },
};

const LINE = 'The quick brown fox jumps over the lazy dog, and 0123456789 times over the fence.';

/** `mb` million bytes of lines, within some. */
function lines(mb: number): string {
  const count = Math.ceil((mb * 1e6) / (LINE.length + 8));
  return Array.from({ length: count }, (_, at) => `${String(at).padStart(6)} ${LINE}\n`).join('');
}

async function startRig(run: BenchRun): Promise<TerminalRig & { dispose: () => Promise<void> }> {
  const system = await startSmallSystem({ preferredPort: 48_930 });
  const machine = await system.addMachine('BENCH-01', { profile: PROFILE });
  await writeFile(join(machine.home, 'flood'), lines(50));
  await writeFile(join(machine.home, 'short'), lines(10));
  const ssh = await startSshServer(machine.home, run.log);
  const consoles: SoakConsole[] = [];
  return {
    system,
    machine,
    ssh,
    enter: async (relayUrl = system.relayUrl) => {
      const { identityUrl: url, orgId: organizationId } = system;
      const session = await signIn({ url, ...people.technician, organizationId });
      const console = await SoakConsole.enter({ relayUrl, getToken: () => session.getToken() });
      consoles.push(console);
      return console;
    },
    dispose: async () => {
      for (const console of consoles) console.kill();
      await ssh.stop();
      await system.dispose();
    },
  };
}
