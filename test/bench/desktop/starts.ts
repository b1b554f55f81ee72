import { median } from '../bench.ts';
import type { BenchRun, Measure } from '../bench.ts';
import type { DesktopRig } from './desktop-rig.ts';
import type { PlainProgram } from '../../harness/plain-program.ts';

const LAUNCHES = 7;

/** From the process to the launcher on the screen: the first time on a computer, and every later one. */
export async function starts(rig: DesktopRig, { signal }: BenchRun): Promise<readonly Measure[]> {
  const once = async (program: PlainProgram, surface: string): Promise<number> => {
    const takenMs = (await program.shown(surface)) - program.startedAtMs;
    await program.dispose();
    return takenMs;
  };
  const used = await rig.newUserData();
  await once(rig.start(used), 'launcher');
  const first: number[] = [];
  const later: number[] = [];
  const empty: number[] = [];
  // In turns: what disturbs this machine disturbs all three.
  for (let round = 0; round < LAUNCHES && !signal.aborted; round += 1) {
    first.push(await once(rig.start(await rig.newUserData()), 'launcher'));
    later.push(await once(rig.start(used), 'launcher'));
    empty.push(await once(rig.startEmpty(await rig.newUserData()), 'empty'));
  }
  const goal = { atMost: 1500 };
  return [
    { name: 'an empty window of Electron: process to shown, p50', value: median(empty), unit: 'ms' },
    { name: 'start to the launcher shown, first on a computer, p50', value: median(first), unit: 'ms', goal },
    { name: 'start to the launcher shown, later, p50', value: median(later), unit: 'ms', goal },
    { name: 'start to the launcher shown, longest', value: Math.max(...first, ...later), unit: 'ms' },
  ];
}
