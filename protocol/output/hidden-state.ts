// What xterm keeps inside, and neither its interface nor the serialize addon tells: needed to draw a terminal's
// state anew. The same inside with a screen and without. xterm's version is pinned; another one throws here at once.

/** xterm's Terminal, as far as it is used here. */
interface XtermTerminal {
  readonly rows: number;
  readonly cols: number;
  readonly buffer: { readonly active: XtermBuffer; readonly normal: XtermBuffer };
  readonly modes: { readonly originMode: boolean };
}

interface XtermBuffer {
  readonly type: 'normal' | 'alternate';
  readonly cursorX: number;
  readonly cursorY: number;
  readonly baseY: number;
  getLine(y: number): { getCell(x: number): XtermCell | undefined } | undefined;
}

interface XtermCell {
  getChars(): string;
  getBgColorMode(): number;
  getBgColor(): number;
}

export interface HiddenState {
  /** Between two sequences; false in the middle of one. */
  isAtGround(): boolean;
  /** Rows that scroll, from 0. */
  region(): Region;
  /**
   * What the addon serialized, made whole: with a hidden cursor, how the mouse is told, line drawing, rows that do not
   * scroll, colour in rows without text; and the other screen is not cleared in the colour that was used last.
   */
  completed(serialized: string): string;
}

/** What the addon writes before the alternate screen. No cell holds an escape, so it is there once at the most. */
const OTHER_SCREEN = '\u001B[?1049h\u001B[H';

/** @throws when this is another xterm */
export function hiddenStateOf(terminal: XtermTerminal): HiddenState {
  const core: unknown = Reflect.get(terminal, '_core');
  const state: HiddenState = {
    isAtGround: () => numberAt(core, '_inputHandler', '_parser', 'currentState') === 0,
    region: () => regionOf(core, terminal.buffer.active.type === 'alternate' ? 'alt' : 'normal'),
    completed: (serialized) => {
      const { active, normal } = terminal.buffer;
      const isAlternate = active.type === 'alternate';
      const below = isAlternate ? regionText(terminal, normal, regionOf(core, 'normal'), false) : '';
      const whole = serialized.replace(OTHER_SCREEN, `${below}\u001B[0m${OTHER_SCREEN}`);
      let text = erasedText(terminal, active);
      text += regionText(terminal, active, state.region(), terminal.modes.originMode);
      const mouse = { SGR: 1006, SGR_PIXELS: 1016 }[String(at(core, 'coreMouseService', 'activeEncoding'))];
      if (mouse !== undefined) text += `\u001B[?${mouse}h`;
      if (at(core, '_charsetService', 'charset', 'q') === '─') text += '\u001B(0';
      if (at(core, 'coreService', 'isCursorHidden') === true) text += '\u001B[?25l';
      return whole + text;
    },
  };
  state.region();
  state.isAtGround();
  return state;
}

interface Region {
  readonly top: number;
  readonly bottom: number;
}

function regionOf(core: unknown, screen: 'normal' | 'alt'): Region {
  const path = ['_bufferService', 'buffers', screen];
  return { top: numberAt(core, ...path, 'scrollTop'), bottom: numberAt(core, ...path, 'scrollBottom') };
}

/** Setting the rows that scroll moves the cursor, and so does counting rows from their first. */
function regionText(
  { rows, cols }: XtermTerminal,
  { cursorX, cursorY }: XtermBuffer,
  { top, bottom }: Region,
  fromTop: boolean,
): string {
  const isPart = top !== 0 || bottom !== rows - 1;
  if (!isPart && !fromTop) return '';
  const row = cursorY + 1 - (fromTop ? top : 0);
  return `${isPart ? `\u001B[${top + 1};${bottom + 1}r` : ''}\u001B[${row};${Math.min(cursorX, cols - 1) + 1}H`;
}

/** The colour of rows below the last text, which the addon leaves out. */
function erasedText(terminal: XtermTerminal, buffer: XtermBuffer): string {
  const cellAt = (x: number, y: number) => buffer.getLine(buffer.baseY + y)?.getCell(x);
  let text = '';
  for (let y = terminal.rows - 1; y >= 0; y -= 1) {
    let row = '';
    for (let x = 0; x < terminal.cols;) {
      const cell = cellAt(x, y);
      if (cell === undefined || cell.getChars() !== '') return wrapped(text);
      const colour = backgroundText(cell);
      let end = x + 1;
      while (end < terminal.cols && cellAt(end, y)?.getChars() === '' && sameColour(cell, cellAt(end, y))) {
        end += 1;
      }
      if (colour !== null) row += `\u001B[${y + 1};${x + 1}H\u001B[0;${colour}m\u001B[${end - x}X`;
      x = end;
    }
    text += row;
  }
  return wrapped(text);
}

/** With the cursor, and what it writes in, as before. */
function wrapped(text: string): string {
  return text === '' ? '' : `\u001B7\u001B[?6l${text}\u001B8`;
}

function sameColour(cell: XtermCell, other: XtermCell | undefined): boolean {
  return other?.getBgColorMode() === cell.getBgColorMode() && other.getBgColor() === cell.getBgColor();
}

function backgroundText(cell: XtermCell): string | null {
  const colour = cell.getBgColor();
  switch (cell.getBgColorMode() >> 24) {
    case 1:
      return String(colour < 8 ? 40 + colour : 92 + colour);
    case 2:
      return `48;5;${colour}`;
    case 3:
      return `48;2;${colour >> 16};${(colour >> 8) & 0xff};${colour & 0xff}`;
    default:
      return null;
  }
}

/** Undefined where there is no such thing. */
export function at(from: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined,
    from,
  );
}

function numberAt(from: unknown, ...path: readonly string[]): number {
  const value = at(from, ...path);
  if (typeof value !== 'number') throw new Error(`this xterm has no ${path.join('.')} inside`);
  return value;
}
