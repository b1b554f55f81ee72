import type { Bench, Measure } from '../bench.ts';
import { startDesktopRig } from './desktop-rig.ts';
import { keys } from './keys.ts';
import { lists } from './lists.ts';
import { starts } from './starts.ts';
import { windows } from './windows.ts';

const parts = { start: starts, keys, lists, windows };

/** The real console on a screen: what a person waits for, and what windows take. */
export const desktopBench: Bench = {
  name: 'desktop',
  says: 'start, key to glyph, Enter to prompt, machine search and list, memory of windows, in the real console',
  parts: Object.keys(parts),
  needsScreen: true,
  run: async (run) => {
    const rig = await startDesktopRig(run);
    const measures: Measure[] = [];
    try {
      for (const [name, part] of Object.entries(parts)) {
        if (run.signal.aborted || (run.only !== null && run.only !== name)) continue;
        run.log(`part ${name}`);
        measures.push(...(await part(rig, run)));
      }
    } finally {
      await rig.dispose();
    }
    return measures;
  },
};
