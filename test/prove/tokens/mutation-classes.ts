// Honest tokens, damaged at random.
import { randomBytes, randomInt } from 'node:crypto';
import { cycle } from './hostile-class.ts';
import type { HostileClass } from './hostile-class.ts';
import { partsOf } from './spellings.ts';
import type { TokenMaker } from './token-maker.ts';

export const mutationClasses: readonly HostileClass[] = [
  ...(['header', 'body', 'signature'] as const).map((part, at) => ({
    name: `a bit flipped in the ${part}`,
    share: 4,
    make: (maker: TokenMaker): string => {
      const parts = partsOf(maker.withClaims({}));
      const bytes = Buffer.from(parts[at] ?? '', 'base64url');
      const bit = randomInt(bytes.length * 8);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      parts[at] = bytes.toString('base64url');
      return parts.join('.');
    },
  })),
  {
    name: 'a letter changed anywhere',
    share: 4,
    make: (maker) => {
      const token = maker.withClaims({});
      const at = randomInt(token.length);
      const letter = token.charAt(at) === 'A' ? 'B' : 'A';
      return token.slice(0, at) + letter + token.slice(at + 1);
    },
  },
  {
    name: 'cut short',
    share: 4,
    make: (maker, index) => {
      const token = maker.withClaims({});
      return index % 2 === 0
        ? token.slice(0, randomInt(1, token.length))
        : token.slice(randomInt(1, token.length));
    },
  },
  {
    name: 'letters left out or added',
    share: 3,
    make: (maker, index) => {
      const token = maker.withClaims({});
      const at = randomInt(token.length - 9);
      return index % 2 === 0
        ? token.slice(0, at) + token.slice(at + randomInt(1, 9))
        : `${token.slice(0, at)}${randomBytes(3).toString('base64url')}${token.slice(at)}`;
    },
  },
  {
    name: 'parts of two tokens',
    share: 3,
    make: (maker, index) => {
      const [one, two] = [partsOf(maker.withClaims({})), partsOf(maker.withClaims({}))];
      return cycle(
        [
          [one[0], two[1], one[2]],
          [two[0], one[1], two[2].slice(0, -4) + one[2].slice(-4)],
          [one[1], one[0], one[2]],
          [one[0], one[2], one[1]],
          [one[0], one[1], two[2]],
        ],
        index,
      ).join('.');
    },
  },
];
