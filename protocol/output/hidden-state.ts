// What xterm keeps inside, and neither its interface nor the serialize addon tells: needed to draw a terminal's
// state anew.
import { colourText, cursorOf, cursorText, lookText, savedCursorOf } from './cursor-text.ts';
import type { LookedCell } from './cursor-text.ts';
import { at, numberAt } from './xterm-inside.ts';

/** xterm's Terminal, as far as it is used here. */
interface XtermTerminal {
  readonly rows: number;
  readonly cols: number;
  readonly buffer: { readonly active: XtermBuffer; readonly normal: XtermBuffer };
  readonly modes: { readonly originMode: boolean; readonly wraparoundMode: boolean };
}

interface XtermBuffer {
  readonly type: 'normal' | 'alternate';
  readonly cursorX: number;
  readonly cursorY: number;
  readonly baseY: number;
  getLine(y: number): { getCell(x: number): LookedCell | undefined } | undefined;
}

export interface HiddenState {
  /** Between two sequences; false in the middle of one. */
  isAtGround(): boolean;
  /** Rows that scroll, from 0. */
  region(): Region;
  /**
   * What the addon serialized, made whole: with cursors as they are, hidden ones too, how the mouse is told, line
   * drawing, rows that do not scroll, colour in rows without text; and the other screen is not cleared in the colour
   * that was used last.
   */
  completed(serialized: string): string;
}

/** What the addon writes before the alternate screen. No cell holds an escape, so it is there once at the most. */
const OTHER_SCREEN = '\u001B[?1049h\u001B[H';
/** How the addon goes no step, which terminals take for one. */
const NO_STEPS = ['\u001B[0C', '\u001B[0D'];

/** @throws when this is another xterm */
export function hiddenStateOf(terminal: XtermTerminal): HiddenState {
  const core: unknown = Reflect.get(terminal, '_core');
  const state: HiddenState = {
    isAtGround: () => numberAt(core, '_inputHandler', '_parser', 'currentState') === 0,
    region: () => regionOf(core, terminal.buffer.active.type === 'alternate' ? 'alt' : 'normal'),
    completed: (serialized) => {
      const { active } = terminal.buffer;
      const isAlternate = active.type === 'alternate';
      const normal = regionText(terminal, regionOf(core, 'normal')) + savedText(core, 'normal');
      const whole = NO_STEPS.reduce((text, none) => text.replaceAll(none, ''), serialized).replace(
        OTHER_SCREEN,
        `${normal}\u001B[0m\u001B[?1047h\u001B[H`,
      );
      const { originMode, wraparoundMode } = terminal.modes;
      const region = state.region();
      let text = originMode ? '\u001B[?6l' : '';
      text += erasedText(terminal, active) + halvedText(terminal, active);
      text += regionText(terminal, region);
      text += savedText(core, isAlternate ? 'alt' : 'normal');
      if (originMode) text += '\u001B[?6h';
      const cursor = cursorOf(core);
      const wraps = wraparoundMode && cursor.x === terminal.cols;
      text += cursorText(cursor, originMode ? region.top : 0, wraps ? lastCell(terminal, active) : null);
      const mouse = { SGR: 1006, SGR_PIXELS: 1016 }[String(at(core, 'coreMouseService', 'activeEncoding'))];
      if (mouse !== undefined) text += `\u001B[?${mouse}h`;
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

/** Moves the cursor. */
function regionText({ rows }: XtermTerminal, { top, bottom }: Region): string {
  return top === 0 && bottom === rows - 1 ? '' : `\u001B[${top + 1};${bottom + 1}r`;
}

/** Moves the cursor, and counts rows from the first of the screen. */
function savedText(core: unknown, screen: 'normal' | 'alt'): string {
  return `${cursorText(savedCursorOf(core, screen), 0, null)}\u001B7`;
}

/** Of the cursor's row; of a wide character the half that holds it. */
function lastCell({ cols }: XtermTerminal, buffer: XtermBuffer): LookedCell | null {
  const line = buffer.getLine(buffer.baseY + buffer.cursorY);
  const cell = line?.getCell(cols - 1);
  return (cell?.getWidth() === 0 ? line?.getCell(cols - 2) : cell) ?? null;
}

/** The colour of rows below the last text, which the addon leaves out. Moves the cursor. */
function erasedText(terminal: XtermTerminal, buffer: XtermBuffer): string {
  const cellAt = (x: number, y: number) => buffer.getLine(buffer.baseY + y)?.getCell(x);
  let text = '';
  for (let y = terminal.rows - 1; y >= 0; y -= 1) {
    let row = '';
    for (let x = 0; x < terminal.cols;) {
      const cell = cellAt(x, y);
      if (cell === undefined || cell.getChars() !== '') return text;
      const colour = colourText(cell.getBgColorMode(), cell.getBgColor(), 40);
      let end = x + 1;
      while (end < terminal.cols && cellAt(end, y)?.getChars() === '' && sameColour(cell, cellAt(end, y))) {
        end += 1;
      }
      if (colour !== null) row += `\u001B[${y + 1};${x + 1}H\u001B[0;${colour}m\u001B[${end - x}X`;
      x = end;
    }
    text += row;
  }
  return text;
}

/** Blanks that are seen, where half of a wide character was overwritten: to the addon they are as if erased. */
function halvedText({ rows, cols }: XtermTerminal, buffer: XtermBuffer): string {
  let text = '';
  for (let y = 0; y < rows; y += 1) {
    const line = buffer.getLine(buffer.baseY + y);
    for (let x = 0; x < cols; x += 1) {
      const cell = line?.getCell(x);
      if (cell !== undefined && isSeenBlank(cell)) text += `\u001B[${y + 1};${x + 1}H${lookText(cell)} `;
    }
  }
  return text;
}

function isSeenBlank(cell: LookedCell): boolean {
  if (cell.getChars() !== '' || cell.getWidth() !== 1) return false;
  return (cell.isInverse() || cell.isUnderline() || cell.isStrikethrough() || cell.isOverline()) !== 0;
}

function sameColour(cell: LookedCell, other: LookedCell | undefined): boolean {
  return other?.getBgColorMode() === cell.getBgColorMode() && other.getBgColor() === cell.getBgColor();
}
