// Ways to change an evidence file. Each gives a file that differs, or null where this file has nothing of the kind.
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

export interface TamperedFrom {
  /** Lines of the honest file. */
  readonly lines: readonly string[];
  /** Of the same workspace, exported earlier. */
  readonly older: readonly string[];
  /** Of another workspace. */
  readonly foreign: readonly string[];
}

export type Dice = (below: number) => number;

export interface FileTampering {
  readonly kind: string;
  readonly tamper: (from: TamperedFrom, dice: Dice) => string | null;
}

type Line = Record<string, unknown> & { type?: string };

const fileOf = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
const isEvent = (line: string): boolean => !line.startsWith('{"type":"');
const typeOf = (line: string): string => /^\{"type":"(\w+)"/.exec(line)?.[1] ?? 'event';
const edit = (line: string, change: (value: Line) => void): string => {
  const value = JSON.parse(line) as Line;
  change(value);
  return JSON.stringify(value);
};
const indexesOf = (lines: readonly string[], type: string): number[] =>
  lines.flatMap((line, index) => (typeOf(line) === type ? [index] : []));
const pick = <T>(from: readonly T[], dice: Dice): T | null => from[dice(from.length)] ?? null;

/** The count of an `end` line made to fit what is there, and header and events renumbered: a careful forger. */
function mended(lines: readonly string[]): string[] {
  const header = JSON.parse(lines[0] ?? '{}') as Line;
  const first = Number(header['from_seq']);
  let seq = first - 1;
  const body = lines.map((line) => {
    if (isEvent(line)) {
      seq += 1;
      return edit(line, (value) => {
        value['seq'] = seq;
      });
    }
    if (typeOf(line) !== 'sealed') return line;
    return edit(line, (value) => {
      value['seq'] = seq;
    });
  });
  const count = (type: string): number => indexesOf(body, type).length;
  return body.map((line) => {
    if (typeOf(line) === 'end') {
      const counts = { events: count('event'), sealed: count('sealed'), checkpoints: count('checkpoint') };
      return JSON.stringify({ type: 'end', ...counts });
    }
    if (typeOf(line) !== 'header') return line;
    return edit(line, (value) => {
      value['to_seq'] = seq;
    });
  });
}

/** Changes one character of a text to another. */
function flip(text: string, dice: Dice, from = 0): string {
  const at = from + dice(text.length - from);
  const code = text.charCodeAt(at);
  const other = String.fromCharCode(code === 0x7a ? 0x61 : code + 1);
  return text.slice(0, at) + other + text.slice(at + 1);
}

function changeLine(type: string, change: (line: string, dice: Dice, from: TamperedFrom) => string | null) {
  return (from: TamperedFrom, dice: Dice): string | null => {
    const at = pick(indexesOf(from.lines, type), dice);
    if (at === null) return null;
    const changed = change(from.lines[at] ?? '', dice, from);
    return changed === null ? null : fileOf(from.lines.with(at, changed));
  };
}

function dropLine(type: string, careful: boolean) {
  return ({ lines }: TamperedFrom, dice: Dice): string | null => {
    const at = pick(indexesOf(lines, type), dice);
    if (at === null) return null;
    const rest = lines.toSpliced(at, 1);
    return fileOf(careful ? mended(rest) : rest);
  };
}

/** Changes one field's value, and keeps its JSON type. */
function changeField(line: string, dice: Dice): string | null {
  return edit(line, (value) => {
    const names = Object.keys(value).filter((name) => name !== 'type' && value[name] !== null);
    const name = names[dice(names.length)] ?? 'seq';
    const old = value[name];
    value[name] =
      typeof old === 'number'
        ? old + 1 + dice(9)
        : typeof old === 'string'
          ? flip(old, dice)
          : { forged: true };
  });
}

/** Changes one of a line's hashes, or adds one where there is none. */
function changeHash(line: string, dice: Dice): string {
  return edit(line, (value) => {
    const hashes = value['hashes'] as string[];
    const at = dice(hashes.length);
    const bytes = Buffer.from(hashes[at] ?? Buffer.alloc(32).toString('base64'), 'base64');
    const place = dice(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 + dice(255));
    value['hashes'] = hashes.toSpliced(at, 1, bytes.toString('base64'));
  });
}

const leafOf = (line: string): Buffer => createHash('sha256').update('\0').update(line).digest();
function rootOf(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only !== undefined && leaves.length === 1) return only;
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  const halves = [rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split))];
  return createHash('sha256').update('\u0001').update(Buffer.concat(halves)).digest();
}

/** Edits an event and makes every root fit; the signatures stay, or are another key's. */
function rehash({ lines }: TamperedFrom, dice: Dice, ownKey: boolean): string | null {
  const header = JSON.parse(lines[0] ?? '{}') as Line;
  const at = pick(indexesOf(lines, 'event'), dice);
  if (at === null || header['from_seq'] !== 1 || header['tree_size'] !== header['to_seq']) return null;
  const forged = lines.with(
    at,
    edit(lines[at] ?? '', (value) => void (value['outcome'] = 'forged')),
  );
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const typed = Buffer.concat([
    Buffer.from([1]),
    Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  ]);
  const origin = String(header['origin']);
  const hash = createHash('sha256').update(`${origin}\n`).update(typed).digest().subarray(0, 4);
  const leaves: Buffer[] = [];
  return fileOf(
    forged.map((line) => {
      if (isEvent(line)) leaves.push(leafOf(line));
      if (typeOf(line) === 'header' && ownKey) {
        return edit(line, (value) => {
          value['keys'] = [`${origin}+${hash.toString('hex')}+${typed.toString('base64')}`];
        });
      }
      if (typeOf(line) !== 'checkpoint') return line;
      return edit(line, (value) => {
        const [text = '', signatures = ''] = String(value['note']).split('\n\n');
        const parts = text.split('\n').with(2, rootOf(leaves).toString('base64'));
        const body = `${parts.join('\n')}\n`;
        const bytes = Buffer.concat([hash, sign(null, Buffer.from(body), privateKey)]);
        value['note'] = `${body}\n${ownKey ? `\u2014 ${origin} ${bytes.toString('base64')}\n` : signatures}`;
      });
    }),
  );
}

export const fileTamperings: readonly FileTampering[] = [
  { kind: 'event edited', tamper: changeLine('event', changeField) },
  { kind: 'event’s bytes changed', tamper: changeLine('event', (line, dice) => flip(line, dice, 1)) },
  { kind: 'event deleted', tamper: dropLine('event', false) },
  { kind: 'event deleted, rest renumbered', tamper: dropLine('event', true) },
  {
    kind: 'event doubled, rest renumbered',
    tamper: ({ lines }, dice) => {
      const at = pick(indexesOf(lines, 'event'), dice) ?? 0;
      return fileOf(mended(lines.toSpliced(at, 0, lines[at] ?? '')));
    },
  },
  {
    kind: 'two events in each other’s place',
    tamper: ({ lines }, dice) => {
      const events = indexesOf(lines, 'event');
      const [a, b] = [pick(events, dice) ?? 0, pick(events, dice) ?? 0];
      if (a === b) return null;
      return fileOf(mended(lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '')));
    },
  },
  {
    kind: 'event forged and put in',
    tamper: ({ lines }, dice) => {
      const at = pick(indexesOf(lines, 'event'), dice) ?? 0;
      const forged = edit(lines[at] ?? '', (value) => void (value['op_id'] = `forged ${dice(1e9)}`));
      return fileOf(mended(lines.toSpliced(at + 1, 0, forged)));
    },
  },
  {
    kind: 'event of another workspace put in',
    tamper: ({ lines, foreign }, dice) => {
      const at = pick(indexesOf(lines, 'event'), dice) ?? 0;
      const strange = foreign[pick(indexesOf(foreign, 'event'), dice) ?? 0] ?? '';
      return fileOf(mended(lines.with(at, strange)));
    },
  },
  {
    kind: 'tail cut off, counts mended',
    tamper: ({ lines }, dice) => {
      const events = indexesOf(lines, 'event');
      const from = events[1 + dice(events.length - 1)];
      if (from === undefined) return null;
      const rest = lines.slice(from).filter((line) => !/^(event|sealed|checkpoint)$/.test(typeOf(line)));
      return fileOf(mended([...lines.slice(0, from), ...rest]));
    },
  },
  {
    kind: 'cut back to an older export',
    // A file with a proof is checked against the older checkpoint: to that, the older file is whole.
    tamper: ({ lines, older }) => (indexesOf(lines, 'consistency').length > 0 ? null : fileOf(older)),
  },
  {
    kind: 'file of another workspace',
    tamper: ({ foreign }) => fileOf(foreign),
  },
  {
    kind: 'file cut off',
    tamper: ({ lines }, dice) => {
      const text = fileOf(lines);
      return text.slice(0, 1 + dice(text.length - 1));
    },
  },
  {
    kind: 'sealed text changed',
    tamper: changeLine('sealed', (line, dice) =>
      edit(line, (value) => {
        value['text'] = typeof value['text'] === 'string' ? flip(value['text'], dice) : 'forged';
      }),
    ),
  },
  {
    kind: 'sealed text moved to another hash',
    tamper: ({ lines }, dice) => {
      const sealed = indexesOf(lines, 'sealed');
      const [a, b] = [pick(sealed, dice), pick(sealed, dice)];
      if (a === null || b === null) return null;
      const texts = [a, b].map((at) => JSON.parse(lines[at] ?? '{}') as Line);
      if (texts[0]?.['salt'] === texts[1]?.['salt']) return null;
      const take = (at: number, from: Line | undefined): string =>
        edit(lines[at] ?? '', (value) =>
          Object.assign(value, { salt: from?.['salt'], text: from?.['text'] }),
        );
      return fileOf(lines.with(a, take(a, texts[1])).with(b, take(b, texts[0])));
    },
  },
  { kind: 'sealed text left out, counts mended', tamper: dropLine('sealed', true) },
  { kind: 'checkpoint changed', tamper: changeLine('checkpoint', (line, dice) => flip(line, dice, 22)) },
  { kind: 'checkpoint left out, counts mended', tamper: dropLine('checkpoint', true) },
  { kind: 'edited, roots made to fit', tamper: (from, dice) => rehash(from, dice, false) },
  {
    kind: 'edited, roots made to fit, signed by another key',
    tamper: (from, dice) => rehash(from, dice, true),
  },
  { kind: 'header changed', tamper: changeLine('header', changeField) },
  {
    kind: 'hash of the rest of the tree changed',
    tamper: (from, dice) => changeLine(dice(2) === 0 ? 'left' : 'right', changeHash)(from, dice),
  },
  { kind: 'proof changed', tamper: changeLine('consistency', (line, dice) => flip(line, dice, 24)) },
  {
    kind: 'any one byte changed',
    tamper: ({ lines }, dice) => flip(fileOf(lines), dice),
  },
];
