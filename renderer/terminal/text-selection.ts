// Text of a terminal, chosen by keyboard: whole lines at first, characters as soon as somebody goes sideways. One end
// stands where it began, the other moves; the characters at both ends belong to it. A link can be chosen as well.
import type { FindLink, TerminalLink, Towards } from './link-search.ts';
import type { Place } from './linked-piece.ts';

interface Cell {
  getWidth(): number;
  getChars(): string;
}

/** What this needs of a terminal: xterm's, with a screen or without. */
export interface SelectableTerminal {
  readonly rows: number;
  readonly cols: number;
  readonly buffer: {
    readonly active: {
      readonly length: number;
      readonly viewportY: number;
      readonly baseY: number;
      readonly cursorY: number;
      getLine(y: number): { getCell(x: number): Cell | undefined } | undefined;
    };
  };
  select(column: number, row: number, length: number): void;
  selectLines(from: number, to: number): void;
  clearSelection(): void;
  scrollToLine(line: number): void;
  scrollToBottom(): void;
  registerMarker(cursorYOffset: number): Marker | undefined;
}

/** Its line goes up as lines above it are dropped; -1: it was dropped itself. */
interface Marker {
  readonly line: number;
  dispose(): void;
}

export type SelectionStep =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'first'
  | 'last'
  | 'left'
  | 'right'
  | 'wordLeft'
  | 'wordRight'
  | 'lineStart'
  | 'lineEnd';

const SIDEWAYS: ReadonlySet<SelectionStep> = new Set([
  'left',
  'right',
  'wordLeft',
  'wordRight',
  'lineStart',
  'lineEnd',
]);

export class TextSelection {
  readonly #terminal: SelectableTerminal;
  #from: Place;
  #to: Place;
  #unit: 'lines' | 'characters' = 'lines';
  readonly #findLink: FindLink;
  /** Where it stands, #from and #to say: they move with its text. */
  #link: Pick<TerminalLink, 'address'> | null = null;
  /** Where the cursor was at the last step, and its line then. The alternate screen has none, and drops none. */
  #mark: { readonly marker: Marker; readonly y: number } | null = null;

  constructor(terminal: SelectableTerminal, findLink: FindLink) {
    this.#terminal = terminal;
    this.#findLink = findLink;
    const { baseY, cursorY } = terminal.buffer.active;
    this.#from = { x: 0, y: baseY + cursorY };
    this.#to = this.#from;
    this.#setMark();
    this.#show();
  }

  /** Whole lines that are chosen; null: characters are. */
  get lines(): number | null {
    return this.#unit === 'lines' ? Math.abs(this.#to.y - this.#from.y) + 1 : null;
  }

  /** What is chosen is its text; null: any text. */
  get link(): Pick<TerminalLink, 'address'> | null {
    return this.#link;
  }

  /** To the next link above or below; `up` begins in the line where it stands. @returns whether there is one */
  moveToLink(towards: Towards): boolean {
    this.#follow();
    const link = this.#findLink(this.#besideChosen(towards), towards);
    if (link === null) return false;
    const { from, to, address } = link;
    this.#unit = 'characters';
    this.#link = { address };
    [this.#from, this.#to] = [from, to];
    this.#show();
    // Of one that is larger than the screen its beginning, where its host stands.
    this.#scrollTo(from.y);
    return true;
  }

  /** @param extend keep the other end where it is */
  move(step: SelectionStep, extend: boolean): void {
    this.#follow();
    this.#link = null;
    if (this.#unit === 'lines' && SIDEWAYS.has(step)) {
      // The first step aside lands on the line's first or last character.
      this.#unit = 'characters';
      const atEnd = step === 'left' || step === 'wordLeft' || step === 'lineEnd';
      this.#to = { x: atEnd ? this.#lastColumn(this.#to.y) : 0, y: this.#to.y };
      if (extend && this.#from.y !== this.#to.y) {
        this.#from = { x: this.#from.y > this.#to.y ? this.#lastColumn(this.#from.y) : 0, y: this.#from.y };
      } else this.#from = this.#to;
    } else {
      this.#to = this.#after(step);
      if (!extend) this.#from = this.#to;
    }
    this.#show();
  }

  end(): void {
    this.#mark?.marker.dispose();
    this.#terminal.clearSelection();
    this.#terminal.scrollToBottom();
  }

  /** A full scrollback drops a line for each that is printed: what was chosen stands further up by then. */
  #follow(): void {
    if (this.#mark !== null) {
      const { marker, y: before } = this.#mark;
      const dropped = marker.line < 0 ? Infinity : before - marker.line;
      const moved = ({ x, y }: Place): Place => ({ x, y: Math.max(0, y - dropped) });
      [this.#from, this.#to] = [moved(this.#from), moved(this.#to)];
    }
    this.#setMark();
  }

  #setMark(): void {
    this.#mark?.marker.dispose();
    const marker = this.#terminal.registerMarker(0);
    this.#mark = marker === undefined ? null : { marker, y: marker.line };
  }

  #besideChosen(towards: Towards): Place {
    if (this.#link !== null && towards === 'up') return this.#from;
    const { x, y } = this.#to;
    if (this.#unit === 'lines') return { x: towards === 'up' ? this.#terminal.cols : 0, y };
    return { x: this.#link === null && towards === 'down' ? x : x + 1, y };
  }

  #after(step: SelectionStep): Place {
    const { x, y } = this.#to;
    const last = this.#terminal.buffer.active.length - 1;
    // A page less one line, so that the eye keeps its place.
    const page = Math.max(1, this.#terminal.rows - 1);
    switch (step) {
      case 'up':
        return this.#onLine(y - 1, x);
      case 'down':
        return this.#onLine(y + 1, x);
      case 'pageUp':
        return this.#onLine(y - page, x);
      case 'pageDown':
        return this.#onLine(y + page, x);
      case 'first':
        return { x: 0, y: 0 };
      case 'last':
        return { x: this.#lastColumn(last), y: last };
      case 'left':
        if (x > 0) return this.#onLine(y, x - 1);
        return y > 0 ? { x: this.#lastColumn(y - 1), y: y - 1 } : this.#to;
      case 'right': {
        const next = x + Math.max(1, this.#width(this.#to));
        if (next <= this.#lastColumn(y)) return { x: next, y };
        return y < last ? { x: 0, y: y + 1 } : this.#to;
      }
      case 'wordLeft':
        return { x: this.#wordStart(this.#to), y };
      case 'wordRight':
        return { x: this.#wordEnd(this.#to), y };
      case 'lineStart':
        return { x: 0, y };
      case 'lineEnd':
        return { x: this.#lastColumn(y), y };
    }
  }

  /** The character at this column, or the last of the line. */
  #onLine(line: number, column: number): Place {
    const y = Math.min(this.#terminal.buffer.active.length - 1, Math.max(0, line));
    let x = Math.min(column, this.#lastColumn(y));
    // The second half of a wide one.
    while (x > 0 && this.#width({ x, y }) === 0) x -= 1;
    return { x, y };
  }

  #cell({ x, y }: Place): Cell | undefined {
    return this.#terminal.buffer.active.getLine(y)?.getCell(x);
  }

  #width(place: Place): number {
    return this.#cell(place)?.getWidth() ?? 1;
  }

  #isBlank(place: Place): boolean {
    return this.#width(place) > 0 && (this.#cell(place)?.getChars() ?? '').trim() === '';
  }

  /** Where the last character stands that is no blank; 0 on an empty line. */
  #lastColumn(y: number): number {
    let x = this.#terminal.cols - 1;
    while (x > 0 && (this.#isBlank({ x, y }) || this.#width({ x, y }) === 0)) x -= 1;
    return x;
  }

  #wordStart({ x: from, y }: Place): number {
    let x = Math.max(0, from - 1);
    while (x > 0 && this.#isBlank({ x, y })) x -= 1;
    while (x > 0 && !this.#isBlank({ x: x - 1, y })) x -= 1;
    return x;
  }

  #wordEnd({ x: from, y }: Place): number {
    const last = this.#lastColumn(y);
    let x = Math.min(last, from + 1);
    while (x < last && this.#isBlank({ x, y })) x += 1;
    while (x < last && !this.#isBlank({ x: x + 1, y })) x += 1;
    return this.#onLine(y, x).x;
  }

  #show(): void {
    const [from, to] = isBefore(this.#from, this.#to) ? [this.#from, this.#to] : [this.#to, this.#from];
    const { cols } = this.#terminal;
    if (this.#unit === 'lines') this.#terminal.selectLines(from.y, to.y);
    else {
      const length = (to.y - from.y) * cols + to.x - from.x + Math.max(1, this.#width(to));
      this.#terminal.select(from.x, from.y, length);
    }
    this.#scrollTo(this.#to.y);
  }

  #scrollTo(y: number): void {
    const { rows, buffer } = this.#terminal;
    const { viewportY } = buffer.active;
    if (y < viewportY) this.#terminal.scrollToLine(y);
    else if (y >= viewportY + rows) this.#terminal.scrollToLine(y - rows + 1);
  }
}

function isBefore(one: Place, other: Place): boolean {
  return one.y < other.y || (one.y === other.y && one.x <= other.x);
}
