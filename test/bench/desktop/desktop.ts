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
        const found = await part(rig, run);
        // A part that breaks off must not cost what the others have found.
        for (const { name: row, value, unit } of found) run.log(`  ${row}: ${value.toFixed(2)} ${unit}`);
        measures.push(...found);
      }
    } finally {
      await rig.dispose();
    }
    return measures;
  },
};
