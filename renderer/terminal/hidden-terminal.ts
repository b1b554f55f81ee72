// A terminal that nobody sees: parses a recording ahead of its playback, to tell what the screen was at places of it.
import { SerializeAddon } from '@xterm/addon-serialize';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { Terminal } from '@xterm/xterm';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import { boundTerminal } from '#protocol/output/bounded-terminal.ts';
import { hiddenStateOf } from '#protocol/output/hidden-state.ts';
import { safeWriter } from '#protocol/output/safe-writer.ts';

export class HiddenTerminal {
  readonly #xterm: Terminal;
  readonly #serializer = new SerializeAddon();
  readonly #write: ReturnType<typeof safeWriter>;
  readonly #hidden: ReturnType<typeof hiddenStateOf>;
  readonly #scrollbackLines: number;

  /** @param scrollbackLines that a picture holds above the screen */
  constructor(size: TerminalSize, scrollbackLines: number) {
    this.#scrollbackLines = scrollbackLines;
    this.#xterm = new Terminal({
      ...size,
      allowProposedApi: true,
      scrollback: scrollbackLines,
      logLevel: 'off',
    });
    this.#xterm.loadAddon(this.#serializer);
    const graphemes = new UnicodeGraphemesAddon();
    this.#xterm.loadAddon(graphemes);
    boundTerminal(this.#xterm, graphemes, 0);
    this.#write = safeWriter(this.#xterm);
    this.#hidden = hiddenStateOf(this.#xterm);
  }

  get size(): TerminalSize {
    return { cols: this.#xterm.cols, rows: this.#xterm.rows };
  }

  /** Resolves once these bytes are parsed. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#write(bytes, resolve));
  }

  resize(size: TerminalSize): void {
    this.#xterm.resize(size.cols, size.rows);
  }

  /** What brings a terminal that was reset to this state; null in the middle of a sequence. */
  picture(): string | null {
    if (!this.#hidden.isAtGround()) return null;
    return this.#hidden.completed(this.#serializer.serialize({ scrollback: this.#scrollbackLines }));
  }

  dispose(): void {
    this.#xterm.dispose();
  }
}
