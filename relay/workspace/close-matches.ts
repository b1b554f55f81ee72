// Machines that a query would name but for one slip of the finger. Only where nothing is named as it was typed,
// told apart from what was found, and never at the cost of naming another machine: numbers and short codes are
// literal, and so is the first part of a name, where sites and clients are told apart (decision 24).
import type { WorkspaceContext } from './context.ts';
import { idsHolding, rowsOf } from './machines-holding.ts';
import type { FoundRow } from './machines-holding.ts';
import { firstLabel, isForgiving, keepWords, partsOf, wordsNear } from './name-words.ts';
import type { SearchQuery } from './search-query.ts';

const CLOSE_MAX = 20;
/** Of one corrected word, before it is checked where it stands in the name. */
const LOOKED_AT_MAX = 200;
const CORRECTED_PARTS_MAX = 4;

/** One word of the query with one part corrected. */
interface Correction {
  readonly words: readonly string[];
  readonly word: string;
  /** Where the corrected part lies in `word`. */
  readonly from: number;
  readonly to: number;
}

export function closeMatches(context: WorkspaceContext, query: SearchQuery, limit: number): FoundRow[] {
  const max = Math.min(limit, CLOSE_MAX);
  const found = new Map<number, FoundRow>();
  const forgiving = query.words.some((word) => partsOf(word).some(isForgiving));
  if (!forgiving) return [];
  keepWords(context);
  const saysMore = query.words.length > 1 || partsOf(query.text).length > 1;
  for (const correction of corrections(context, query)) {
    const ids = idsHolding(context, correction.words, LOOKED_AT_MAX);
    for (const row of rowsOf(context, ids)) {
      if (found.size < max && stands(row, correction, saysMore)) found.set(row.id, row);
    }
  }
  return [...found.values()].toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

function* corrections(context: WorkspaceContext, { words }: SearchQuery): Generator<Correction> {
  let looked = 0;
  for (const [index, word] of words.entries()) {
    let from = 0;
    for (const part of partsOf(word)) {
      const to = from + part.length;
      if (isForgiving(part) && looked < CORRECTED_PARTS_MAX) {
        looked += 1;
        for (const near of wordsNear(context, part)) {
          const corrected = word.slice(0, from) + near + word.slice(to);
          yield { words: words.with(index, corrected), word: corrected, from, to: from + near.length };
        }
      }
      from = to;
    }
  }
}

/** Is the corrected part a whole part of the name, and not its first one in a query that says more than that? */
function stands(row: FoundRow, { word, from, to }: Correction, saysMore: boolean): boolean {
  return [row.name, firstLabel(row.hostname)].some((text) => {
    const field = text.normalize('NFC').toLowerCase();
    for (let at = field.indexOf(word); at >= 0; at = field.indexOf(word, at + 1)) {
      const before = field.slice(0, at + from);
      const whole = !/\p{L}$/u.test(before) && !/^\p{L}/u.test(field.slice(at + to));
      const first = before === '' && at + to < field.length;
      if (whole && !(first && saysMore)) return true;
    }
    return false;
  });
}
