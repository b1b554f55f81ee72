// The terminal on screen: xterm with this console's font, colours and rules, and nothing else of it outside this folder.
// A program in it can draw text and colours and nothing more: titles, clipboard writes (OSC 52), window
// operations and links are inert. It knows no socket: bytes come in by write(), input leaves by onInput.
import { FitAddon } from '@xterm/addon-fit';
import { SerializeAddon } from '@xterm/addon-serialize';
import { SearchAddon } from '@xterm/addon-search';
import type { ISearchOptions } from '@xterm/addon-search';
import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import { boundTerminal } from '#protocol/output/bounded-terminal.ts';
import { hiddenStateOf } from '#protocol/output/hidden-state.ts';
import { safeWriter } from '#protocol/output/safe-writer.ts';
import { linksOf } from './link-search.ts';
import { choosingTheme, findingTheme, searchColours, terminalTheme } from './terminal-theme.ts';
import { TextSelection } from './text-selection.ts';

export interface TerminalViewOptions {
  /** Keys that the console keeps for itself. */
  readonly isReserved?: (event: KeyboardEvent) => boolean;
  readonly onInput?: (bytes: Uint8Array) => void;
  readonly onResize?: (size: TerminalSize) => void;
  /** The pointer is over a program's link, with its address; null: no more. */
  readonly onLink?: (address: string | null) => void;
  /** Seen as a flash where this is on screen. */
  readonly onBell?: () => void;
  readonly label: string;
}

const FONT =
  "'JetBrains Mono', 'Cascadia Mono', 'SF Mono', Menlo, Consolas, 'Noto Sans Mono', 'DejaVu Sans Mono', monospace";
const FONT_SIZE = 13;
/** Smaller than this nobody reads it: what has no room is scrolled to. */
const LEAST_FONT_SIZE = 5;
/** WCAG's for text. */
const LEAST_CONTRAST = 4.5;
const BELL_MS = 1000;
const BELL: Keyframe[] = [
  { backgroundColor: '#3a4257' },
  { backgroundColor: '#3a4257', offset: 0.12 },
  { backgroundColor: '#090b10', offset: 0.3 },
  { backgroundColor: '#090b10' },
];
const SCROLLBACK_LINES = 5000;
/** Of these, kept of what was on screen before output was skipped. */
const KEPT_LINES = 500;
/** Back to a terminal that has drawn nothing. */
const RESET = '\u001Bc';
// oxlint-disable-next-line no-control-regex -- the escape character is what makes it one
const PASTE_BRACKETS = /\u001B\[20[01]~/g;

export class TerminalView {
  readonly #xterm: Terminal;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon();
  readonly #serializer = new SerializeAddon();
  readonly #label: string;
  #write: ReturnType<typeof safeWriter>;
  readonly #encoder = new TextEncoder();
  #observer: ResizeObserver | null = null;
  #flashing: Animation | null = null;
  /** In CSS pixels, as it was chosen: a larger screen than this console's is drawn smaller. */
  #fontSize = FONT_SIZE;
  /** What is not decided here: another console's screen, or a recorded one. */
  #held: TerminalSize | null = null;
  #leastForWidth = LEAST_FONT_SIZE;

  constructor(options: TerminalViewOptions) {
    this.#label = options.label;
    this.#xterm = new Terminal({
      allowProposedApi: true,
      cursorBlink: false,
      cursorInactiveStyle: 'outline',
      disableStdin: options.onInput === undefined,
      fontFamily: FONT,
      fontSize: FONT_SIZE,
      lineHeight: 1.2,
      // A program's link is text: it opens nothing, and says where it would lead.
      linkHandler: {
        activate: () => undefined,
        hover: (_event, address) => options.onLink?.(address),
        leave: () => options.onLink?.(null),
      },
      // Black on black is text too: to be read, and not to hide a command among others.
      minimumContrastRatio: LEAST_CONTRAST,
      scrollback: SCROLLBACK_LINES,
      theme: terminalTheme,
    });
    this.#xterm.loadAddon(this.#serializer);
    this.#write = safeWriter(this.#xterm);
    const { onInput, onResize, isReserved } = options;
    if (isReserved !== undefined) {
      this.#xterm.attachCustomKeyEventHandler((event) => !isReserved(event));
    }
    if (onInput !== undefined) {
      this.#xterm.onData((data) => onInput(this.#encoder.encode(data)));
      this.#xterm.onBinary((data) => onInput(Uint8Array.from(data, (char) => char.charCodeAt(0))));
    }
    if (onResize !== undefined) this.#xterm.onResize(onResize);
    this.#xterm.onBell(() => {
      this.#flash();
      options.onBell?.();
    });
  }

  get size(): TerminalSize {
    return { cols: this.#xterm.cols, rows: this.#xterm.rows };
  }

  get selection(): string {
    return this.#xterm.getSelection();
  }

  /** Draw into `element`, once; later only moves with it. The element must be laid out. */
  mount(element: HTMLElement): void {
    if (this.#xterm.element === undefined) {
      this.#xterm.loadAddon(this.#fit);
      const graphemes = new UnicodeGraphemesAddon();
      this.#xterm.loadAddon(graphemes);
      boundTerminal(this.#xterm, graphemes);
      this.#xterm.loadAddon(this.#search);
      this.#xterm.open(element);
      this.#xterm.textarea?.setAttribute('aria-label', this.#label);
    } else {
      element.append(this.#xterm.element);
    }
    this.#observer?.disconnect();
    this.#xterm.element?.toggleAttribute('data-held', this.#held !== null);
    this.fit();
    this.#observer = new ResizeObserver(() => this.fit());
    this.#observer.observe(element);
  }

  /**
   * All of a screen that was laid out elsewhere, in another console or in a recording: in smaller text where it has
   * more room. Null: as large as its element again.
   */
  holdSize(size: TerminalSize | null): void {
    this.#held = size;
    if (size !== null) this.resize(size);
    this.#xterm.element?.toggleAttribute('data-held', size !== null);
    this.fit();
  }

  /** A screen that is held and too wide is scrolled to, rather than drawn smaller than so many CSS pixels. */
  keepReadable(pixels: number): void {
    this.#leastForWidth = pixels;
    this.fit();
  }

  fit(): void {
    if (this.#xterm.element === undefined) return;
    if (this.#held !== null) return this.#fitText(this.#held);
    this.#xterm.options.fontSize = this.#fontSize;
    if (this.#room() !== null) this.#fit.fit();
  }

  /** Cells do not shrink evenly with their text, so it is tried: half a pixel at a time. */
  #fitText(held: TerminalSize): void {
    for (let fontSize = this.#fontSize; fontSize >= LEAST_FONT_SIZE; fontSize -= 0.5) {
      this.#xterm.options.fontSize = fontSize;
      const room = this.#room();
      if (room === null || this.#fits(held, room, fontSize)) return;
    }
  }

  #fits({ cols, rows }: TerminalSize, room: TerminalSize, fontSize: number): boolean {
    if (room.cols >= cols) return room.rows >= rows;
    // The bar that it is scrolled by takes a row.
    return fontSize <= this.#leastForWidth && room.rows > rows;
  }

  /** Null: a hidden element proposes nonsense, and the size of before is better. */
  #room(): TerminalSize | null {
    const size = this.#fit.proposeDimensions();
    return size === undefined || Number.isNaN(size.cols) || size.cols < 2 || size.rows < 2 ? null : size;
  }

  resize(size: TerminalSize): void {
    this.#xterm.resize(size.cols, size.rows);
  }

  /** @param drawn when these bytes are parsed and in the buffer */
  write(bytes: Uint8Array | string, drawn?: () => void): void {
    this.#write(typeof bytes === 'string' ? this.#encoder.encode(bytes) : bytes, drawn);
  }

  /**
   * Draw this in place of everything, in its turn among what is written.
   * @param before what stood there when its turn came: to be drawn in place of everything later
   */
  redraw(picture: Uint8Array | string, drawn?: () => void, before?: (picture: string) => void): void {
    if (before !== undefined) {
      this.write('', () =>
        before(hiddenStateOf(this.#xterm).completed(this.#serializer.serialize({ scrollback: KEPT_LINES }))),
      );
    }
    this.write(RESET);
    this.write(picture, drawn);
  }

  /** As if typed; between brackets where the program asked for them, which the text itself cannot close. */
  paste(text: string): void {
    this.#xterm.paste(text.replaceAll(PASTE_BRACKETS, ''));
  }

  /** Negative: back, into what has left the screen. */
  scrollPages(pages: number): void {
    this.#xterm.scrollPages(pages);
  }

  /** Show the next place of `text`, upwards for `back`; every place is marked. */
  find(text: string, back: boolean): void {
    this.#xterm.options.theme = findingTheme;
    const options: ISearchOptions = { decorations: searchColours, incremental: false };
    if (back) this.#search.findPrevious(text, options);
    else this.#search.findNext(text, options);
  }

  /** `at`: which of them is shown, from 0; -1 when there are too many to number. @returns a function that stops it */
  onFound(listener: (found: { at: number; count: number }) => void): () => void {
    const listening = this.#search.onDidChangeResults(({ resultIndex, resultCount }) =>
      listener({ at: resultIndex, count: resultCount }),
    );
    return () => listening.dispose();
  }

  endFind(): void {
    this.#search.clearDecorations();
    this.#xterm.options.theme = terminalTheme;
  }

  /** Choose text or a link, from the line of the cursor on. */
  selectText(): TextSelection {
    this.#xterm.options.theme = choosingTheme;
    return new TextSelection(this.#xterm, linksOf(this.#xterm));
  }

  endSelectText(selection: TextSelection): void {
    this.#xterm.options.theme = terminalTheme;
    selection.end();
  }

  /** In CSS pixels. */
  setFontSize(pixels: number): void {
    this.#fontSize = pixels;
    this.fit();
  }

  /**
   * The bell, to be seen: where the page is covered, when it is back. Once a second at most, whatever rings: no screen
   * may flicker.
   */
  readonly #flash = (): void => {
    if (document.hidden) return document.addEventListener('visibilitychange', this.#flash, { once: true });
    if (this.#flashing?.playState === 'running') return;
    this.#flashing = this.#xterm.element?.animate(BELL, { duration: BELL_MS }) ?? null;
  };

  reset(): void {
    this.#write = safeWriter(this.#xterm);
    this.#xterm.reset();
  }

  clearSelection(): void {
    this.#xterm.clearSelection();
  }

  focus(): void {
    this.#xterm.focus();
  }

  dispose(): void {
    document.removeEventListener('visibilitychange', this.#flash);
    this.#observer?.disconnect();
    this.#xterm.dispose();
  }
}
