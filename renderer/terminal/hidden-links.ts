// A program's links (OSC 8), of which xterm's interface tells nothing: a cell has the number of its link, and a list
// inside has the address.
import { at } from '#protocol/output/xterm-inside.ts';

interface Linked {
  /** 0: `extended` is that of another cell. */
  hasExtendedAttrs(): number;
  readonly extended: { readonly urlId: number };
}

/** @throws when this is another xterm */
export function linkedCell<Cell extends object>(cell: Cell): Cell & Linked {
  if (!isLinked(cell)) throw new Error('cells of this xterm have no links inside');
  return cell;
}

function isLinked<Cell extends object>(cell: Cell): cell is Cell & Linked {
  const isKnown = typeof at(cell, 'extended', 'urlId') === 'number';
  return isKnown && typeof at(cell, 'hasExtendedAttrs') === 'function';
}

/**
 * The address of a link as the program gave it, by the number that its cells have; null: it is no longer kept.
 * @throws when this is another xterm
 */
export function hiddenAddresses(terminal: object): (id: number) => string | null {
  const service = at(terminal, '_core', '_oscLinkService');
  const read = at(service, 'getLinkData');
  if (typeof read !== 'function') throw new Error('this xterm has no links inside');
  return (id) => {
    const address = at(Reflect.apply(read, service, [id]), 'uri');
    return typeof address === 'string' ? address : null;
  };
}
