// An xterm that goes on whatever a machine prints. What it keeps of output is bounded by its lines, but for two things
// that a program chooses the size of: one character may be made of millions of code points, and links may be without
// number, each kept for itself and looked at with every line that scrolls. Either hangs or ends a console, and an agent
// with its sessions. So both have an end. And xterm throws at a few bytes, which leaves a console's terminal still for
// good and would end the agent: it is kept from that.
import { at } from './xterm-inside.ts';

/** xterm's terminal, with a screen or without, as far as it is used here. */
interface BoundedTerminal {
  readonly parser: {
    registerOscHandler(number: number, handle: (data: string) => boolean): unknown;
    registerCsiHandler(
      id: { readonly prefix?: string; readonly final: string },
      handle: (params: (number | number[])[]) => boolean,
    ): unknown;
  };
  readonly cols: number;
  readonly buffer: {
    readonly active: {
      readonly cursorX: number;
      readonly cursorY: number;
      getLine(line: number): unknown;
    };
  };
  readonly unicode: { register(provider: UnicodeProvider): void; activeVersion: string };
}

interface UnicodeProvider {
  readonly version: string;
  wcwidth(codepoint: number): 0 | 1 | 2;
  /** Bit 0: it joins the one before. Below bit 27: what is handed back with the next. */
  charProperties(codepoint: number, preceding: number): number;
}

/** Longer than any that means something: a family of four with their skins has eleven. */
const JOINED_MAX = 15;
const JOINS = 1;
const COUNT_SHIFT = 27;
const XTERMS = 2 ** COUNT_SHIFT - 1;

const LINKS_MAX = 2000;
/** What other terminals allow. */
export const ADDRESS_MAX_LENGTH = 2083;
/** A link that nobody ended is one no longer; each character looks at all lines of its link. */
const LINES_MAX = 50;

/**
 * @param graphemes the addon, loaded
 * @param links how many it may have; 0 where nobody sees them
 * @throws when this is another xterm
 */
export function boundTerminal(terminal: BoundedTerminal, graphemes: object, links = LINKS_MAX): void {
  eraseWithoutNextLine(terminal);
  catchWhatItThrows(terminal);
  terminal.unicode.register(withShortClusters(providerOf(graphemes)));
  terminal.unicode.activeVersion = 'short clusters';
  const service = at(terminal, '_core', '_oscLinkService');
  const known = at(service, '_dataByLinkId');
  if (!(known instanceof Map) || !(service instanceof Object))
    throw new Error('this xterm has no links inside');
  const handler = at(terminal, '_core', '_inputHandler');
  const setLink = at(handler, 'setHyperlink');
  if (typeof setLink !== 'function') throw new Error('this xterm sets no links');
  // True: it is dealt with, and xterm does nothing.
  terminal.parser.registerOscHandler(8, (data) => {
    const isEnd = data.indexOf(';') === data.length - 1;
    const isRefused = !isEnd && (data.length > ADDRESS_MAX_LENGTH || known.size >= links);
    // Its text is not that of the link before, which nobody ended.
    if (isRefused) Reflect.apply(setLink, handler, [';']);
    return isRefused;
  });
  const addLine: unknown = Reflect.get(service, 'addLineToLink');
  if (typeof addLine !== 'function') throw new Error('this xterm adds no lines to links');
  const addFewLines = (id: number, line: number): void => {
    const lines = at(known.get(id), 'lines');
    if (Array.isArray(lines) && lines.length < LINES_MAX) Reflect.apply(addLine, service, [id, line]);
  };
  Reflect.set(service, 'addLineToLink', addFewLines);
}

/**
 * Erase all up to the cursor (ED 1), in the last column: xterm then changes the line that comes next, and throws where
 * there is none. All that is on screen is erased by it, so that xterm is had to do that (ED 2).
 */
function eraseWithoutNextLine(terminal: BoundedTerminal): void {
  const handler = at(terminal, '_core', '_inputHandler');
  const erase = at(handler, 'eraseInDisplay');
  if (typeof erase !== 'function') throw new Error('this xterm does not erase');
  for (const prefix of ['', '?']) {
    terminal.parser.registerCsiHandler({ ...(prefix === '' ? {} : { prefix }), final: 'J' }, ([what]) => {
      const { active } = terminal.buffer;
      const isNextLineThere = active.getLine(active.cursorY + 1) !== undefined;
      if (what !== 1 || active.cursorX + 1 < terminal.cols || isNextLineThere) return false;
      Reflect.apply(erase, handler, [{ params: [2], length: 1 }, prefix === '?']);
      return true;
    });
  }
}

/** What it throws at is not drawn, and at most the rest of that piece; the next begins anew. */
function catchWhatItThrows(terminal: BoundedTerminal): void {
  const handler = at(terminal, '_core', '_inputHandler');
  const parse = at(handler, 'parse');
  const reset = at(handler, '_parser', 'reset');
  if (!(handler instanceof Object) || typeof parse !== 'function' || typeof reset !== 'function')
    throw new Error('this xterm does not parse');
  const parseOn = (...piece: unknown[]): unknown => {
    try {
      return Reflect.apply(parse, handler, piece) as unknown;
    } catch {
      return Reflect.apply(reset, at(handler, '_parser'), []) as unknown;
    }
  };
  Reflect.set(handler, 'parse', parseOn);
}

/** The same widths and the same characters, but that one which goes on after so many code points begins anew. */
function withShortClusters(provider: UnicodeProvider): UnicodeProvider {
  return {
    version: 'short clusters',
    wcwidth: (codepoint) => provider.wcwidth(codepoint),
    charProperties(codepoint, preceding) {
      const properties = provider.charProperties(codepoint, preceding & XTERMS);
      if ((properties & JOINS) === 0) return properties;
      const count = preceding >>> COUNT_SHIFT;
      return count === JOINED_MAX
        ? provider.charProperties(codepoint, 0)
        : properties | ((count + 1) << COUNT_SHIFT);
    },
  };
}

function providerOf(graphemes: object): UnicodeProvider {
  const provider: unknown = Reflect.get(graphemes, '_provider15Graphemes');
  if (!isProvider(provider)) throw new Error('this addon has no provider inside');
  return provider;
}

function isProvider(value: unknown): value is UnicodeProvider {
  return typeof value === 'object' && value !== null && 'charProperties' in value && 'wcwidth' in value;
}
