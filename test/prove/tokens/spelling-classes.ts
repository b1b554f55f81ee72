// Tokens that mean one thing to one parser and another to the next, or nothing at all.
import { randomBytes } from 'node:crypto';
import { tokenCategory } from '../../../local/identity/tokens.ts';
import { cycle, seconds } from './hostile-class.ts';
import type { HostileClass } from './hostile-class.ts';
import { clerkId } from './mint.ts';
import { encode, partsOf, signBytes, signTexts } from './spellings.ts';

export const spellingClasses: readonly HostileClass[] = [
  {
    name: 'keys of a prototype',
    make: (maker, index) => {
      const bearer = maker.someone();
      const honest = JSON.stringify(maker.claims(bearer));
      const bare = JSON.stringify({ ...maker.claims(bearer), o: undefined });
      const body = cycle(
        [
          bare.replace('{', `{"__proto__":{"o":{"id":"${bearer.org}","rol":"admin"}},`),
          honest.replace(/"o":\{[^}]*\}/, `"o":{"__proto__":{"id":"${bearer.org}","rol":"admin"}}`),
          bare.replace('{', `{"constructor":{"prototype":{"o":{"id":"${bearer.org}","rol":"admin"}}},`),
          honest.replace('"sts":"active"', '"__proto__":{"sts":"active"}'),
        ],
        index,
      );
      return signTexts(JSON.stringify(maker.header()), body, maker.relay.key.privateKey);
    },
  },
  {
    name: 'keys said twice',
    share: 2,
    make: (maker, index) => {
      const bearer = maker.someone();
      const body = JSON.stringify(maker.claims(bearer));
      const head = JSON.stringify(maker.header());
      const other = clerkId('org');
      const [first, second] = cycle<readonly [string, string]>(
        [
          [head, body.replace('{', `{"o":{"id":"${other}","rol":"admin"},`)],
          [head, body.replace(/\}$/, `,"o":{"id":"${other}","rol":"admin"}}`)],
          [head, body.replace(`"id":"${bearer.org}"`, `"id":"${other}","id":"${bearer.org}"`)],
          [head, body.replace('{', `{"sid":"${clerkId('sess')}",`)],
          [head, body.replace('{', `{"\\u0073id":"${clerkId('sess')}",`)],
          [head, body.replace('{', '{"iss":"https://elsewhere.example",')],
          [head, body.replace('{', '{"exp":1,')],
          [head.replace('{', '{"alg":"none",'), body],
          [head.replace('{', `{"cat":"${tokenCategory.template}",`), body],
          [head, body.replace('{', '{"x":{"y":1,"y":2},')],
        ],
        index,
      );
      return signTexts(first, second, maker.relay.key.privateKey);
    },
  },
  {
    name: 'base64 in another spelling',
    share: 2,
    make: (maker, index) => {
      const honest = maker.withClaims({});
      const [head, body, mark] = partsOf(honest);
      // 256 bytes leave four unused bits in the last letter.
      const unused = mark.slice(0, -1) + nextLetter(mark.at(-1) ?? 'A');
      return cycle(
        [
          `${honest}=`,
          `${honest}==`,
          `${head}=.${body}.${mark}`,
          `${head}.${body}=.${mark}`,
          `${head}.${body}.${unused}`,
          `${head}.${body}.${mark.replaceAll('-', '+').replaceAll('_', '/')}+`,
          `${head}.${body}.${mark}%3D`,
          `${head}.${body}.${mark}.`,
          `.${honest}`,
        ],
        index,
      );
    },
  },
  {
    name: 'too large',
    make: (maker, index) =>
      maker.withClaims({ padding: 'x'.repeat(cycle([6_200, 7_000, 9_000, 12_000, 20_000, 60_000], index)) }),
  },
  {
    name: 'two megabytes',
    share: 0.15,
    make: (maker) => maker.withClaims({ padding: 'x'.repeat(1_500_000) }),
  },
  {
    name: 'a body that is no object',
    make: (maker, index) =>
      signTexts(
        JSON.stringify(maker.header()),
        cycle(
          [
            '[]',
            '"text"',
            'null',
            '1',
            'true',
            '',
            '{',
            `[${JSON.stringify(maker.claims(maker.someone()))}]`,
          ],
          index,
        ),
        maker.relay.key.privateKey,
      ),
  },
  {
    name: 'a body with something around it',
    make: (maker, index) => {
      const body = JSON.stringify(maker.claims(maker.someone()));
      return signTexts(
        JSON.stringify(maker.header()),
        cycle(
          [`\ufeff${body}`, `${body}{}`, `${body}\0`, `${body};`, `{}${body}`, `(${body})`, `${body}//`],
          index,
        ),
        maker.relay.key.privateKey,
      );
    },
  },
  {
    name: 'bytes that are no UTF-8',
    make: (maker, index) => {
      const body = Buffer.from(JSON.stringify(maker.claims(maker.someone())));
      const bad = cycle(
        [Buffer.from([0xff]), Buffer.from([0xc0, 0xaf]), Buffer.from([0xed, 0xa0, 0x80])],
        index,
      );
      return signBytes(
        JSON.stringify(maker.header()),
        Buffer.concat([body.subarray(0, 9), bad, body.subarray(9)]),
        maker.relay.key.privateKey,
      );
    },
  },
  {
    name: 'a header that is no object',
    make: (maker, index) =>
      signTexts(
        cycle(['[]', '"RS256"', 'null', '', '{', '[{"alg":"RS256"}]'], index),
        JSON.stringify(maker.claims(maker.someone())),
        maker.relay.key.privateKey,
      ),
  },
  {
    name: 'another kind of token of the same key',
    make: (maker, index) => {
      const bearer = maker.someone();
      const iat = seconds();
      return cycle(
        [
          maker.withHeader({ cat: undefined, oiat: undefined }, bearer),
          signTexts(
            JSON.stringify({ alg: 'RS256', kid: maker.relay.key.kid, typ: 'JWT' }),
            JSON.stringify({ id: 'client_x', rotating_token: 'x' }),
            maker.relay.key.privateKey,
          ),
          maker.withClaims({
            id: 'client_x',
            rotating_token: 'x',
            sub: undefined,
            sid: undefined,
            o: undefined,
          }),
          signTexts(
            JSON.stringify({ ...maker.header(), cat: tokenCategory.template }),
            JSON.stringify({
              iss: maker.relay.issuer,
              sub: bearer.userId,
              iat,
              nbf: iat,
              exp: iat + 60,
              org: bearer.org,
            }),
            maker.relay.key.privateKey,
          ),
        ],
        index,
      );
    },
  },
  {
    name: 'no token at all',
    make: (maker, index) =>
      cycle(
        [
          '',
          '.',
          '..',
          '...',
          'null',
          'undefined',
          'Bearer',
          'e30.e30.e30',
          'e30..',
          maker.relay.key.kid,
          '0',
          'eyJhbGciOiJub25lIn0',
          maker.relay.key.publicKeyPem.replaceAll(/\s/g, ''),
        ],
        index,
      ),
  },
  {
    name: 'what machines carry, as a person’s',
    make: (maker, index) => {
      const { org } = maker.someone();
      const body = encode({
        org,
        machineId: 'mac_01HZZZZZZZZZZZZZZZZZZZZZZZ',
        keyThumbprint: 'x',
        expiresAt: 9e12,
      });
      return `${cycle(['ce1', 'cm1', 'ct1'], index)}.${body}.${randomBytes(32).toString('base64url')}`;
    },
  },
  {
    name: 'encrypted, or signed more than once',
    make: (maker, index) => {
      const honest = maker.withClaims({});
      return cycle(
        [
          `${encode({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.AAAA.AAAA.${honest.split('.')[1]}.AAAA`,
          `${honest}.${honest}`,
          `${honest},${honest}`,
          honest.replace('.', '..'),
          honest.split('.').toReversed().join('.'),
        ],
        index,
      );
    },
  },
];

function nextLetter(letter: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return letters.charAt(letters.indexOf(letter) ^ 1);
}
