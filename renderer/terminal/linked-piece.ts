// The text of one line of a terminal, over as many rows as it was wrapped to, with the links that a program made in it.
// A line without an end is taken in pieces.
import type { IBufferCell } from '@xterm/xterm';
import { ADDRESS_MAX_LENGTH } from '#protocol/output/bounded-terminal.ts';
import type { AddressPlace } from './address-text.ts';
import { linkedCell } from './hidden-links.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** xterm's, with a screen or without, as far as it is used here. */
export interface LinkedTerminal {
  readonly cols: number;
  readonly buffer: { readonly active: LinkedBuffer };
}

interface LinkedBuffer {
  readonly length: number;
  getNullCell(): IBufferCell;
  getLine(y: number): LinkedLine | undefined;
}

interface LinkedLine {
  readonly isWrapped: boolean;
  getCell(x: number, cell: IBufferCell): IBufferCell | undefined;
}

/** Rows `from` to `to`: a line, or a piece of it; `first` to `last`: with what a link may come from and reach into. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

export interface HiddenPlace extends AddressPlace {
  readonly address: string;
}

export interface PieceText {
  readonly text: string;
  /** Where the text of each row begins, from the piece's first on. */
  readonly starts: readonly number[];
  readonly hidden: readonly HiddenPlace[];
}

const PIECE_ROWS = 300;

export function pieceAt({ cols, buffer }: LinkedTerminal, y: number): Piece {
  const isWrapped = (row: number): boolean => buffer.active.getLine(row)?.isWrapped === true;
  // Of wide characters, the longest address has so many rows.
  const reach = Math.ceil((2 * ADDRESS_MAX_LENGTH) / cols);
  let start = y;
  while (start > 0 && isWrapped(start)) start -= 1;
  const from = y - ((y - start) % PIECE_ROWS);
  let to = y;
  while (to + 1 < from + PIECE_ROWS && isWrapped(to + 1)) to += 1;
  let last = to;
  while (last < to + reach && isWrapped(last + 1)) last += 1;
  return { from, to, first: Math.max(start, from - reach), last };
}

/** @param addressOf the address of a program's link by its number; null: it leads nowhere, and is text like any other */
export function readPiece(
  { cols, buffer }: LinkedTerminal,
  { first, last }: Piece,
  addressOf: (id: number) => string | null,
): PieceText {
  // Filled again and again: a new one for each is what takes the time.
  const cell = linkedCell(buffer.active.getNullCell());
  const starts: number[] = [];
  const hidden: HiddenPlace[] = [];
  let text = '';
  let open = { id: 0, start: 0, address: '' };
  const openAt = (id: number): void => {
    if (open.id !== 0) hidden.push({ start: open.start, end: text.length, address: open.address });
    const address = id === 0 ? null : addressOf(id);
    open = address === null ? { id: 0, start: 0, address: '' } : { id, start: text.length, address };
  };
  for (let y = first; y <= last; y += 1) {
    const line = buffer.active.getLine(y);
    const wasBlank = y > first && cell.getChars() === '' && cell.getWidth() === 1;
    line?.getCell(0, cell);
    // What was too wide for the last column stands in the next row, and left that column empty.
    if (wasBlank && cell.getWidth() === 2) text = text.slice(0, -1);
    starts.push(text.length);
    for (let x = 0; x < cols && line?.getCell(x, cell) !== undefined; x += 1) {
      if (cell.getWidth() === 0) continue;
      const id = cell.hasExtendedAttrs() === 0 ? 0 : cell.extended.urlId;
      if (id !== open.id) openAt(id);
      text += cell.getChars() || ' ';
    }
  }
  openAt(0);
  return { text, starts, hidden };
}

/** The character at this unit of the text. */
export function placeOf(
  { cols, buffer }: LinkedTerminal,
  { first }: Piece,
  { starts }: PieceText,
  unit: number,
): Place {
  const cell = buffer.active.getNullCell();
  const row = starts.findLastIndex((start) => start <= unit);
  const line = buffer.active.getLine(first + row);
  let end = starts[row] ?? 0;
  let at = 0;
  for (let x = 0; x < cols && line?.getCell(x, cell) !== undefined; x += 1) {
    if (cell.getWidth() === 0) continue;
    at = x;
    end += cell.getChars().length || 1;
    if (end > unit) break;
  }
  return { x: at, y: first + row };
}
