import { runParts } from '../bench.ts';
import type { Bench } from '../bench.ts';
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
    try {
      return await runParts(parts, rig, run);
    } finally {
      await rig.dispose();
    }
  },
};
