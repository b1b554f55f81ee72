import { createRequire } from 'node:module';
import type * as Graphemes from '@xterm/addon-unicode-graphemes';
import type * as Headless from '@xterm/headless';
import { boundTerminal } from '#protocol/output/bounded-terminal.ts';
import { safeWriter } from '#protocol/output/safe-writer.ts';
import { extremeForms, hostileStreams } from '../harness/hostile-output.ts';
import type { Bench, BenchRun, Measure } from './bench.ts';

/** The guard of the console's terminals against what a machine may print, on xterm's own parser and buffer. */
export const escapeBench: Bench = {
  name: 'escape',
  says: 'the longest pause that terminal output can cause: extreme sequences, then random streams',
  run: benchEscape,
};

// The package is CommonJS whose names Node cannot see from outside.
const require = createRequire(import.meta.url);
const { Terminal } = require('@xterm/headless') as typeof Headless;
const { UnicodeGraphemesAddon } = require('@xterm/addon-unicode-graphemes') as typeof Graphemes;

const SIZE = { cols: 200, rows: 50 };
const SCROLLBACK_LINES = 5000;
const CHUNK_BYTES = 65_536;
const STREAMS = 100_000;
const BATCH = 1000;
const STALL_MS = 250;
const encoder = new TextEncoder();

/** What grows without end, or is looked at with every line: characters of many code points, links. */
const GROWING: readonly string[] = [
  `a${'\u0301'.repeat(1_000_000)}`,
  `👩${'\u200D👩'.repeat(300_000)}`,
  '\u1100'.repeat(700_000),
  // A hundred thousand links in one cell, then out of the scrollback with them; one that nobody ends.
  Array.from({ length: 100_000 }, (_, n) => `\u001B]8;;http://a/${n}\u0007\u001B[1Gx`).join('') +
    '\r\n'.repeat(SCROLLBACK_LINES + 2 * SIZE.rows),
  `\u001B]8;;http://a/\u0007${`${'x'.repeat(78)}\r\n`.repeat(25_000)}`,
  // Repeated: of many code points, while inserting, in a link.
  `a${'\u0301'.repeat(15)}\u001B[9999b`.repeat(1700),
  '\u001B[4ha\u001B[9999b'.repeat(5000),
  `\u001B]8;;http://a/\u0007a${'\u0301'.repeat(15)}\u001B[9999b`.repeat(1200),
  Array.from({ length: 40 }, (_, n) => `\u001B]8;;http://${n}/${'y'.repeat(50_000)}\u0007x`).join(''),
];

async function benchEscape({ log, signal }: BenchRun): Promise<readonly Measure[]> {
  const forms = extremeForms();
  let longestFormMs = 0;
  for (const [index, form] of forms.entries()) {
    if (signal.aborted) break;
    if (index % 252 === 0) log(`forms ${index} of ${forms.length}`);
    const chunk = encoder.encode(form.repeat(Math.ceil(CHUNK_BYTES / form.length))).subarray(0, CHUNK_BYTES);
    longestFormMs = Math.max(longestFormMs, await longestPause(fullTerminal(), chunk));
  }
  let longestStreamMs = 0;
  for (let seed = 0; seed < STREAMS / BATCH && !signal.aborted; seed += 1) {
    if (seed % 10 === 0) log(`streams ${seed * BATCH} of ${STREAMS}`);
    const terminal = fullTerminal();
    for (const bytes of hostileStreams(seed, BATCH)) {
      longestStreamMs = Math.max(longestStreamMs, await longestPause(terminal, bytes));
    }
    terminal.dispose();
  }
  let longestGrowingMs = 0;
  for (const [index, text] of GROWING.entries()) {
    if (signal.aborted) break;
    log(`growing ${index} of ${GROWING.length}`);
    const terminal = fullTerminal();
    longestGrowingMs = Math.max(longestGrowingMs, await longestPause(terminal, encoder.encode(text)));
    terminal.dispose();
  }
  const goal = { atMost: STALL_MS };
  return [
    { name: 'sequence forms, 64 KiB of each', value: forms.length, unit: '' },
    { name: 'longest pause by a form', value: longestFormMs, unit: 'ms', goal },
    { name: 'random streams', value: STREAMS, unit: '' },
    { name: 'longest pause by a stream', value: longestStreamMs, unit: 'ms', goal },
    { name: 'longest pause by characters and links without end', value: longestGrowingMs, unit: 'ms', goal },
  ];
}

/** As the console's, with its scrollback full, which is when moving lines costs most. */
function fullTerminal(): Headless.Terminal {
  const terminal = new Terminal({
    ...SIZE,
    scrollback: SCROLLBACK_LINES,
    allowProposedApi: true,
    logLevel: 'off',
  });
  const graphemes = new UnicodeGraphemesAddon();
  terminal.loadAddon(graphemes);
  boundTerminal(terminal, graphemes);
  terminal.write('line\r\n'.repeat(SCROLLBACK_LINES + SIZE.rows));
  return terminal;
}

/** The longest time that the page would not have answered a key, in ms. */
async function longestPause(terminal: Headless.Terminal, bytes: Uint8Array): Promise<number> {
  await new Promise<void>((resolve) => terminal.write('\u001B[10;10H', resolve));
  let longestMs = 0;
  let sinceMs = performance.now();
  const beat = setInterval(() => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - sinceMs);
    sinceMs = nowMs;
  }, 0);
  await new Promise<void>((resolve) => safeWriter(terminal)(bytes, resolve));
  clearInterval(beat);
  return Math.max(longestMs, performance.now() - sinceMs);
}
