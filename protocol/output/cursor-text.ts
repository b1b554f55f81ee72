// Where a terminal writes next and in what, and what it would come back to (ESC 7, ESC 8): the serialize addon moves the
// cursor to about there and knows nothing of the latter.
import { at, numberAt } from './xterm-inside.ts';

/** What a cell looks like, or what is written will: of xterm's cells and of its cursor alike. */
export interface Look {
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isUnderline(): number;
  isBlink(): number;
  isInverse(): number;
  isInvisible(): number;
  isStrikethrough(): number;
  isOverline(): number;
  getFgColorMode(): number;
  getFgColor(): number;
  getBgColorMode(): number;
  getBgColor(): number;
}

export interface LookedCell extends Look {
  getChars(): string;
  getWidth(): number;
}

export interface Cursor {
  /** From 0; as many as there are columns behind a full row, where the next character wraps. */
  readonly x: number;
  readonly y: number;
  readonly look: Look;
  readonly drawsLines: boolean;
}

/** Of the screen that is seen. */
export function cursorOf(core: unknown): Cursor {
  return {
    x: numberAt(core, '_bufferService', 'buffer', 'x'),
    y: numberAt(core, '_bufferService', 'buffer', 'y'),
    look: lookAt(core, '_inputHandler', '_curAttrData'),
    drawsLines: at(core, '_charsetService', 'charset', 'q') === '─',
  };
}

export function savedCursorOf(core: unknown, screen: 'normal' | 'alt'): Cursor {
  const path = ['_bufferService', 'buffers', screen];
  const y = numberAt(core, ...path, 'savedY') - numberAt(core, ...path, 'ybase');
  return {
    x: numberAt(core, ...path, 'savedX'),
    y: Math.max(y, 0),
    look: lookAt(core, ...path, 'savedCurAttrData'),
    drawsLines: at(core, ...path, 'savedCharset', 'q') === '─',
  };
}

/**
 * Moves the cursor there, to write like that.
 * @param top the first row, from which rows are counted
 * @param last the cell at the end of its row: written once more where the next character is to wrap
 */
export function cursorText({ x, y, look, drawsLines }: Cursor, top: number, last: LookedCell | null): string {
  const to = (column: number): string => `\u001B[${y - top + 1};${column + 1}H`;
  let text = to(x);
  if (last !== null) {
    text = `\u001B(B${to(x - last.getWidth())}${lookText(last)}${last.getChars() || ' '}`;
  }
  return `${text}${lookText(look)}\u001B(${drawsLines ? '0' : 'B'}`;
}

/** From whatever it was before. */
export function lookText(look: Look): string {
  const codes = [
    0,
    ...(look.isBold() ? [1] : []),
    ...(look.isDim() ? [2] : []),
    ...(look.isItalic() ? [3] : []),
    ...(look.isUnderline() ? [4] : []),
    ...(look.isBlink() ? [5] : []),
    ...(look.isInverse() ? [7] : []),
    ...(look.isInvisible() ? [8] : []),
    ...(look.isStrikethrough() ? [9] : []),
    ...(look.isOverline() ? [53] : []),
    colourText(look.getFgColorMode(), look.getFgColor(), 30),
    colourText(look.getBgColorMode(), look.getBgColor(), 40),
  ];
  return `\u001B[${codes.filter((code) => code !== null).join(';')}m`;
}

/**
 * @param mode as xterm tells it: the palette's first 16, all 256, or true colour
 * @param first 30 for text, 40 for what is behind it
 */
export function colourText(mode: number, colour: number, first: 30 | 40): string | null {
  switch (mode >> 24) {
    case 1:
      return String(colour < 8 ? first + colour : first + 52 + colour);
    case 2:
      return `${first + 8};5;${colour}`;
    case 3:
      return `${first + 8};2;${colour >> 16};${(colour >> 8) & 0xff};${colour & 0xff}`;
    default:
      return null;
  }
}

function lookAt(from: unknown, ...path: readonly string[]): Look {
  const look = at(from, ...path);
  if (!isLook(look)) throw new Error(`this xterm has no ${path.join('.')} inside`);
  return look;
}

function isLook(value: unknown): value is Look {
  return typeof value === 'object' && value !== null && 'isBold' in value && 'getBgColorMode' in value;
}
