import { startFlakyLine } from '../../harness/flaky-line.ts';
import { median, percentile } from '../bench.ts';
import type { BenchRun, Measure } from '../bench.ts';
import { echo, inTurns, interrupt, promptAgain, throughput } from './contest.ts';
import { startBareRelay } from './bare-relay.ts';
import { ourShell, sshShell } from './remote-shell.ts';
import type { RemoteShell } from './remote-shell.ts';
import type { TerminalRig } from './terminal.ts';

/** Of one round the rate is a fifth more or less than of the next. */
const ROUNDS = { throughput: 15, echo: 400, interrupt: 15, open: 15 };
/** Fewer where every one of them waits. */
const FAR_ROUNDS = { throughput: 3, echo: 60, interrupt: 5, open: 5 };

/** The same done in turns in a session of ours and in one of ssh, over lines that are equally long. */
export async function compareWithSsh(
  { system, machine, ssh, enter }: TerminalRig,
  { log, signal }: BenchRun,
  { roundTripMs }: { roundTripMs: number },
): Promise<readonly Measure[]> {
  const near = roundTripMs === 0;
  const rounds = near ? ROUNDS : FAR_ROUNDS;
  const label = near ? '' : ` at ${roundTripMs} ms round trip`;
  const delayMs = roundTripMs / 2;
  const lines = near
    ? []
    : [
        await startFlakyLine({ relayUrl: system.relayUrl, delayMs }),
        await startFlakyLine({ relayUrl: `http://127.0.0.1:${ssh.port}`, delayMs }),
      ];
  const [ourLine, sshLine] = lines;
  try {
    const console = await enter(ourLine?.url);
    const open = {
      ours: ourShell(console, machine.machineId),
      ssh: sshShell(ssh, sshLine === undefined ? ssh.port : Number(new URL(sshLine.url).port)),
    };

    log(`opening${label}`);
    const opened = await inTurns(open, rounds.open, signal, async (openShell) => {
      const { shell, at } = await openShell();
      shell.dispose();
      return { readyMs: (at.ready ?? at.prompt) - at.asked, promptMs: at.prompt - at.asked };
    });
    const shells = { ours: (await open.ours()).shell, ssh: (await open.ssh()).shell };
    log(`throughput${label}`);
    const file = near ? 'flood' : 'short';
    const rates = await inTurns(shells, rounds.throughput, signal, (shell) => throughput(shell, file));
    log(`echo${label}`);
    const keys = await typeInTurns(shells, rounds.echo, signal);
    for (const shell of Object.values(shells)) await promptAgain(shell);
    log(`Ctrl+C${label}`);
    const stops = await inTurns(shells, rounds.interrupt, signal, (shell) => interrupt(shell, 'flood'));
    const bareAgainstSsh = near ? await bareEcho(machine.home, shells.ssh, signal) : null;
    for (const shell of Object.values(shells)) shell.dispose();

    const ourRate = median(rates.ours);
    const sshRate = median(rates.ssh);
    const sshEchoMs = { p50: median(keys.ssh), p99: percentile(keys.ssh, 0.99) };
    const ms = (name: string, value: number, bounds: Pick<Measure, 'goal' | 'gate'> = {}): Measure => ({
      name: `${name}${label}`,
      value,
      unit: 'ms',
      ...bounds,
    });
    const times = (name: string, value: number): Measure => ({ name: `${name}${label}`, value, unit: '×' });
    return [
      { name: `P1 throughput, ours${label}`, value: ourRate, unit: 'MB/s' },
      { name: `P1 throughput, ssh${label}`, value: sshRate, unit: 'MB/s' },
      {
        name: `P1 throughput against ssh${label}`,
        value: ourRate / sshRate,
        unit: '×',
        goal: { atLeast: 1 },
        ...(near && { gate: { atLeast: 0.8 } }),
      },
      ms('P2 echo, ours, p50', median(keys.ours), { goal: { atMost: round2(1.5 * sshEchoMs.p50) } }),
      ms('P2 echo, ssh, p50', sshEchoMs.p50),
      times('P2 echo against ssh, ours', median(keys.ours) / sshEchoMs.p50),
      ...(bareAgainstSsh === null ? [] : [times('P2 echo against ssh, a bare relay', bareAgainstSsh)]),
      ms('P2 echo, ours, p99', percentile(keys.ours, 0.99), { goal: { atMost: round2(sshEchoMs.p99 + 5) } }),
      ms('P2 echo, ssh, p99', sshEchoMs.p99),
      ms('P4 Ctrl+C to prompt, ours, p50', median(stops.ours)),
      ms(
        'P4 Ctrl+C to prompt, ours, longest',
        Math.max(...stops.ours),
        near ? { gate: { atMost: 150 } } : { goal: { atMost: 150 + roundTripMs } },
      ),
      ms('P4 Ctrl+C to prompt, ssh, longest', Math.max(...stops.ssh)),
      ms(
        'P5 session ready for input, ours',
        median(opened.ours.map(({ readyMs }) => readyMs)),
        near ? { goal: { atMost: 100 } } : {},
      ),
      ms('P5 session to prompt, ours', median(opened.ours.map(({ promptMs }) => promptMs))),
      ms('P5 session to prompt, ssh', median(opened.ssh.map(({ promptMs }) => promptMs))),
    ];
  } finally {
    for (const line of lines) await line.dispose();
  }
}

function typeInTurns<Who extends string>(
  shells: Readonly<Record<Who, RemoteShell>>,
  rounds: number,
  signal: AbortSignal,
): Promise<Readonly<Record<Who, readonly number[]>>> {
  return inTurns(shells, rounds, signal, async (shell, round) => {
    if (round % 60 === 0) await promptAgain(shell);
    return echo(shell);
  });
}

/** By itself, as one more that takes its turn would make the others slower. @returns p50, as a multiple of ssh's beside it */
async function bareEcho(home: string, ssh: RemoteShell, signal: AbortSignal): Promise<number> {
  const bare = await startBareRelay(home);
  try {
    for (let round = 0; round < 3; round += 1) await throughput(bare.shell, 'short');
    const keys = await typeInTurns({ bare: bare.shell, ssh }, ROUNDS.echo / 2, signal);
    return median(keys.bare) / median(keys.ssh);
  } finally {
    await bare.stop();
  }
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
