import { median } from '../bench.ts';
import type { BenchRun, Measure } from '../bench.ts';
import type { DesktopRig } from './desktop-rig.ts';
import { firstPaintAt } from './painted.ts';

const LAUNCHES = 5;

/** From the process to the launcher's first paint, with the debugger of the tests attached. */
export async function starts({ launch }: DesktopRig, { signal }: BenchRun): Promise<readonly Measure[]> {
  const samples: number[] = [];
  for (let round = 0; round < LAUNCHES && !signal.aborted; round += 1) {
    const console = await launch();
    const launcher = await console.launcher();
    const createdAt = await console.application.evaluate(() => process.getCreationTime() ?? 0);
    samples.push((await firstPaintAt(launcher)) - createdAt);
    await console.dispose();
  }
  return [
    {
      name: 'cold start to the launcher painted, p50',
      value: median(samples),
      unit: 'ms',
      goal: { atMost: 1500 },
    },
    { name: 'cold start to the launcher painted, longest', value: Math.max(...samples), unit: 'ms' },
  ];
}
