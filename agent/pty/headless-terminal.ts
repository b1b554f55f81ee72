// xterm without a screen, as the console's terminals are set up: the same widths of characters, the same caps.
import { SerializeAddon } from '@xterm/addon-serialize/lib/addon-serialize.mjs';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes/lib/addon-unicode-graphemes.mjs';
import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import { boundTerminal } from '#protocol/output/bounded-terminal.ts';
import { hiddenStateOf } from '#protocol/output/hidden-state.ts';
import { safeWriter } from '#protocol/output/safe-writer.ts';

export interface HeadlessTerminal {
  readonly size: TerminalSize;
  /** What a row of text replaces in the end: all lines that are kept, the screen's too. */
  readonly keptLines: number;
  /** Of `write`: resolves when these bytes are parsed. */
  write(bytes: Uint8Array): Promise<void>;
  resize(size: TerminalSize): void;
  /** Between two sequences; false in the middle of one. */
  readonly isAtGround: boolean;
  /** No lines of the screen are kept from scrolling. */
  readonly scrollsWhole: boolean;
  /** What brings a terminal that was reset to this state, with so many lines above the screen. */
  picture(scrollbackLines: number): string;
  dispose(): void;
}

/** @param scrollbackLines kept above the screen: twelve bytes a cell */
export function createHeadlessTerminal(size: TerminalSize, scrollbackLines: number): HeadlessTerminal {
  const terminal = new Terminal({
    ...size,
    scrollback: scrollbackLines,
    allowProposedApi: true,
    logLevel: 'off',
  });
  const serializer = new SerializeAddon();
  terminal.loadAddon(serializer);
  const graphemes = new UnicodeGraphemesAddon();
  terminal.loadAddon(graphemes);
  boundTerminal(terminal, graphemes, 0);
  const write = safeWriter(terminal);
  const hidden = hiddenStateOf(terminal);
  return {
    get size() {
      return { cols: terminal.cols, rows: terminal.rows };
    },
    get keptLines() {
      return terminal.rows + scrollbackLines;
    },
    write: (bytes) => new Promise((resolve) => write(bytes, resolve)),
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    get isAtGround() {
      return hidden.isAtGround();
    },
    get scrollsWhole() {
      const { top, bottom } = hidden.region();
      return top === 0 && bottom === terminal.rows - 1;
    },
    picture: (lines) => hidden.completed(serializer.serialize({ scrollback: lines })),
    dispose: () => terminal.dispose(),
  };
}
