/** What this needs of a terminal: xterm's, with a screen or without. */
export interface SelectableTerminal {
  readonly rows: number;
  readonly buffer: {
    readonly active: {
      readonly length: number;
      readonly viewportY: number;
      readonly baseY: number;
      readonly cursorY: number;
    };
  };
  selectLines(from: number, to: number): void;
  clearSelection(): void;
  scrollToLine(line: number): void;
  scrollToBottom(): void;
}

/** Whole lines of a terminal, chosen by keyboard. One end stands where it began, the other moves. */
export class LineSelection {
  readonly #terminal: SelectableTerminal;
  #from: number;
  #to: number;

  constructor(terminal: SelectableTerminal) {
    this.#terminal = terminal;
    const { baseY, cursorY } = terminal.buffer.active;
    this.#from = baseY + cursorY;
    this.#to = this.#from;
    this.#show();
  }

  get lines(): number {
    return Math.abs(this.#to - this.#from) + 1;
  }

  /** @param by lines, negative upwards; @param extend keep the other end where it is */
  move(by: number, extend: boolean): void {
    const last = this.#terminal.buffer.active.length - 1;
    this.#to = Math.min(last, Math.max(0, this.#to + by));
    if (!extend) this.#from = this.#to;
    this.#show();
  }

  /** A page less one line, so that the eye keeps its place. */
  get page(): number {
    return Math.max(1, this.#terminal.rows - 1);
  }

  end(): void {
    this.#terminal.clearSelection();
    this.#terminal.scrollToBottom();
  }

  #show(): void {
    const { viewportY } = this.#terminal.buffer.active;
    this.#terminal.selectLines(Math.min(this.#from, this.#to), Math.max(this.#from, this.#to));
    if (this.#to < viewportY) this.#terminal.scrollToLine(this.#to);
    else if (this.#to >= viewportY + this.#terminal.rows) {
      this.#terminal.scrollToLine(this.#to - this.#terminal.rows + 1);
    }
  }
}
