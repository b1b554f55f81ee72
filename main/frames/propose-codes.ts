import { wordsOf, type Word } from './name-likeness.ts';

export interface NamedPart {
  readonly name: string;
  /** UTF-16 range that tells it from its look-alikes. */
  readonly emphasis: readonly [number, number];
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * A code of 2–4 capital letters for each name, none of `taken` and none twice. Where one way of shortening gives two
 * of them the same code, neither gets it: look-alikes are not told apart by who came first.
 */
export function proposeCodes(named: readonly NamedPart[], taken: ReadonlySet<string>): readonly string[] {
  const ways = named.map(waysToShorten);
  const codes: (string | null)[] = named.map(() => null);
  const used = new Set(taken);
  const most = Math.max(0, ...ways.map((each) => each.length));
  for (let way = 0; way < most; way += 1) {
    const wanted = ways.map((each, index) => (codes[index] === null ? (each[way] ?? null) : null));
    for (const [index, code] of wanted.entries()) {
      if (code === null || used.has(code)) continue;
      if (wanted.filter((other) => other === code).length === 1) codes[index] = code;
    }
    for (const code of codes) if (code !== null) used.add(code);
  }
  return codes.map((code, index) => {
    if (code !== null) return code;
    const free = freeCode(ways[index]?.at(-1) ?? 'C', used);
    used.add(free);
    return free;
  });
}

/** Best first: initials, initials that spell out what is distinct, what is distinct, the name's own letters. */
function waysToShorten({ name, emphasis: [from, to] }: NamedPart): readonly string[] {
  const words = wordsOf(name)
    .map(({ from, to, text }) => ({ from, to, text: latin(text) }))
    .filter(({ text }) => text !== '');
  const isDistinct = (word: Word) => word.from >= from && word.to <= to;
  const distinct = words.filter(isDistinct);
  const common = words.filter((word) => !isDistinct(word));
  const [first = ''] = distinct.map(({ text }) => text);
  const all = words.map(({ text }) => text).join('');
  const told = distinct.map(({ text }) => text).join('');
  const candidates = [
    words.length > 1 ? initials(words).slice(0, 4) : '',
    common.length > 0 ? `${initials(common).slice(0, 2)}${first.slice(0, 2)}` : '',
    common.length > 0 ? told.slice(0, 4) : '',
    all.slice(0, 4),
    all.slice(0, 3),
    `${all.slice(0, 2)}${told.slice(-2)}`,
    all.slice(0, 2),
  ];
  return candidates.filter((code) => code.length >= 2);
}

/** Something free that begins alike: what is left when a name has no Latin letters, or too many share its own. */
function freeCode(like: string, used: ReadonlySet<string>): string {
  const stems = [like.slice(0, 2), like.slice(0, 1), ''];
  for (const stem of stems) {
    for (const one of LETTERS) {
      for (const two of LETTERS) {
        const code = `${stem}${one}${two}`;
        if (!used.has(code)) return code;
      }
    }
  }
  throw new Error('there are more workspaces than codes');
}

function initials(words: readonly Word[]): string {
  return words.map(({ text }) => text.charAt(0)).join('');
}

function latin(text: string): string {
  return text
    .normalize('NFKD')
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '');
}
