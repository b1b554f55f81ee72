// Finds links in a terminal, line by line from where somebody stands, the nearest first: what a program made one
// (OSC 8), and http(s) addresses in the text.
import { ADDRESS_MAX_LENGTH } from '#protocol/output/bounded-terminal.ts';
import { addressesIn } from './address-text.ts';
import { hiddenAddresses } from './hidden-links.ts';
import { copiedAddress } from './link-text.ts';
import { pieceAt, placeOf, readPiece } from './linked-piece.ts';
import type { HiddenPlace, LinkedTerminal, Piece, PieceText, Place } from './linked-piece.ts';

export interface TerminalLink {
  /** Its first character and its last. */
  readonly from: Place;
  readonly to: Place;
  /** As it is copied, whatever its text says. */
  readonly address: string;
}

export type Towards = 'up' | 'down';
/** `up`: the last one that begins before `place`; `down`: the first that begins there or later. */
export type FindLink = (place: Place, towards: Towards) => TerminalLink | null;

/** Addresses that are none: after so many only hostile output goes on, and a key must answer at once. */
const WRONG_MAX = 2000;

/** @throws when this is another xterm */
export function linksOf(terminal: LinkedTerminal): FindLink {
  const hidden = hiddenAddresses(terminal);
  return (place, towards) => {
    const addressOf = onceEach((id) => copiedAddress(hidden(id) ?? ''));
    const { length } = terminal.buffer.active;
    let y = Math.min(place.y, length - 1);
    let wrong = 0;
    while (y >= 0 && y < length && wrong < WRONG_MAX) {
      const piece = pieceAt(terminal, y);
      const read = readPiece(terminal, piece, addressOf);
      const found = linksIn(piece, read);
      if (towards === 'up') found.reverse();
      for (const { start, end, address } of found) {
        const copied = copiedAddress(address);
        if (copied === null) {
          wrong += 1;
          continue;
        }
        const from = placeOf(terminal, piece, read, start);
        const isBefore = from.y < place.y || (from.y === place.y && from.x < place.x);
        if (isBefore === (towards === 'up'))
          return { from, to: placeOf(terminal, piece, read, end - 1), address: copied };
      }
      y = towards === 'up' ? piece.from - 1 : piece.to + 1;
    }
    return null;
  };
}

/** Thousands of cells may have the same few links. */
function onceEach(read: (id: number) => string | null): (id: number) => string | null {
  const known = new Map<number, string | null>();
  return (id) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const address = read(id);
    known.set(id, address);
    return address;
  };
}

/** Those that begin in the piece, in order. What a program made a link is one and no other, whatever stands in it. */
function linksIn({ from, to, first }: Piece, { text, starts, hidden }: PieceText): HiddenPlace[] {
  let at = 0;
  const plain: HiddenPlace[] = [];
  for (const { start, end } of addressesIn(text)) {
    while ((hidden[at]?.end ?? Infinity) <= start) at += 1;
    const isOver = (hidden[at]?.start ?? Infinity) < end;
    if (!isOver && end - start <= ADDRESS_MAX_LENGTH)
      plain.push({ start, end, address: text.slice(start, end) });
  }
  const begins = starts[from - first] ?? 0;
  const ends = starts[to - first + 1] ?? text.length;
  return [...hidden, ...plain]
    .filter(({ start }) => start >= begins && start < ends)
    .sort((one, other) => one.start - other.start);
}
