import { setTimeout as delay } from 'node:timers/promises';
import { startFlakyLine } from '../../harness/flaky-line.ts';
import { median } from '../bench.ts';
import type { BenchRun, Measure } from '../bench.ts';
import { ourShell, PROFILE } from './remote-shell.ts';
import type { TerminalRig } from './terminal.ts';

const ROUNDS = 8;
const OUTAGE_MS = 2000;

/** From the network's return to the echo of what was typed without one. */
export async function resumes(
  { system, enter }: TerminalRig,
  { log, signal }: BenchRun,
): Promise<readonly Measure[]> {
  const consoleLine = await startFlakyLine({ relayUrl: system.relayUrl });
  const agentLine = await startFlakyLine({ relayUrl: system.relayUrl });
  const measures: Measure[] = [];
  try {
    const machine = await system.addMachine('BENCH-02', { profile: PROFILE, lineUrl: agentLine.url });
    const { shell } = await ourShell(await enter(consoleLine.url), machine.machineId)();
    for (const [whose, line] of [
      ['console', consoleLine],
      ['agent', agentLine],
    ] as const) {
      for (const outageMs of [0, OUTAGE_MS]) {
        const kind = outageMs === 0 ? 'line broken' : `line down for ${OUTAGE_MS / 1000} s`;
        log(`the ${whose}’s ${kind}`);
        const samples: number[] = [];
        for (let round = 0; round < ROUNDS && !signal.aborted; round += 1) {
          await delay(300 + Math.random() * 500);
          line.down(outageMs > 0);
          line.cut();
          await delay(outageMs);
          line.down(false);
          const backMs = performance.now();
          const echoed = shell.arrivals.text('x');
          shell.type('x');
          samples.push((await echoed) - backMs);
          shell.type('\u0015');
        }
        const name = `P9 the ${whose}’s ${kind}: key to echo`;
        measures.push(
          { name: `${name}, p50`, value: median(samples), unit: 'ms' },
          { name: `${name}, longest`, value: Math.max(...samples), unit: 'ms', goal: { atMost: 1000 } },
        );
      }
    }
    return measures;
  } finally {
    for (const line of [consoleLine, agentLine]) await line.dispose();
  }
}
