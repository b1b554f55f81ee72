// Tokens whose claims are fine and whose signature, key or header is not.
import { constants, createPublicKey, randomBytes, sign } from 'node:crypto';
import { tokenCategory } from '../../../local/identity/tokens.ts';
import { cycle, seconds } from './hostile-class.ts';
import type { HostileClass } from './hostile-class.ts';
import { clerkId } from './mint.ts';
import { encode, partsOf, signWith, signWithSecret } from './spellings.ts';
import type { TokenMaker } from './token-maker.ts';

const header = (
  name: string,
  ...variants: [Record<string, unknown>, ...Record<string, unknown>[]]
): HostileClass => ({
  name,
  make: (maker, index) => maker.withHeader(cycle(variants, index)),
});

/** Claims that are fine, signed by a key of nobody's under this header. */
const foreignSigned = (
  name: string,
  makeHeader: (maker: TokenMaker, index: number) => Record<string, unknown>,
): HostileClass => ({
  name,
  make: (maker, index) =>
    signWith(makeHeader(maker, index), maker.claims(maker.someone()), (input) =>
      sign('RSA-SHA256', input, maker.foreign.rsa.privateKey),
    ),
});

export const signatureClasses: readonly HostileClass[] = [
  {
    name: 'alg none',
    make: (maker, index) => {
      const alg = cycle(['none', 'None', 'NONE', 'nOnE', ''], index);
      return `${encode({ ...maker.header(), alg })}.${encode(maker.claims(maker.someone()))}.`;
    },
  },
  {
    name: 'alg none, signature of an honest token',
    make: (maker) => {
      const honest = partsOf(maker.withClaims({}));
      return `${encode({ ...maker.header(), alg: 'none' })}.${honest[1]}.${honest[2]}`;
    },
  },
  {
    name: 'HMAC with the public key',
    make: (maker, index) => {
      const { publicKeyPem, jwk } = maker.relay.key;
      const der = createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' });
      const secret = cycle([publicKeyPem, publicKeyPem.trim(), der, jwk.n, JSON.stringify(jwk)], index);
      const [alg, hash] = cycle(
        [
          ['HS256', 'sha256'],
          ['HS384', 'sha384'],
          ['HS512', 'sha512'],
          ['RS256', 'sha256'],
        ] as const,
        index >> 2,
      );
      return signWithSecret({ ...maker.header(), alg }, maker.claims(maker.someone()), hash, secret);
    },
  },
  {
    name: 'HMAC with an empty or guessed secret',
    make: (maker, index) =>
      signWithSecret(
        { ...maker.header(), alg: 'HS256' },
        maker.claims(maker.someone()),
        'sha256',
        cycle(['', 'secret', maker.relay.key.kid, '\0'], index),
      ),
  },
  {
    name: 'another algorithm with the right key',
    make: (maker, index) => {
      const [alg, hash, pss] = cycle(
        [
          ['RS384', 'RSA-SHA384', false],
          ['RS512', 'RSA-SHA512', false],
          ['PS256', 'RSA-SHA256', true],
          ['PS512', 'RSA-SHA512', true],
        ] as const,
        index,
      );
      const { privateKey } = maker.relay.key;
      return signWith({ ...maker.header(), alg }, maker.claims(maker.someone()), (input) =>
        pss
          ? sign(hash, input, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING })
          : sign(hash, input, privateKey),
      );
    },
  },
  {
    name: 'another algorithm under the right name',
    make: (maker, index) =>
      signWith(maker.header(), maker.claims(maker.someone()), (input) =>
        index % 2 === 0
          ? sign('RSA-SHA512', input, maker.relay.key.privateKey)
          : sign('RSA-SHA256', input, {
              key: maker.relay.key.privateKey,
              padding: constants.RSA_PKCS1_PSS_PADDING,
            }),
      ),
  },
  {
    name: 'elliptic curves',
    make: (maker, index) =>
      signWith(
        { ...maker.header(), alg: cycle(['ES256', 'EdDSA', 'RS256'], index) },
        maker.claims(maker.someone()),
        (input) =>
          index % 3 === 1
            ? sign(null, input, maker.foreign.ed.privateKey)
            : sign('sha256', input, { key: maker.foreign.ec.privateKey, dsaEncoding: 'ieee-p1363' }),
      ),
  },
  { ...foreignSigned('a foreign key under the right key id', (maker) => maker.header()), share: 2 },
  foreignSigned('a foreign key under its own key id', (maker) => ({
    ...maker.header(),
    kid: `ins_${randomBytes(14).toString('hex').slice(0, 27)}`,
  })),
  foreignSigned('its key in the header (jwk)', (maker) => ({
    ...maker.header(),
    jwk: {
      ...maker.foreign.rsa.publicKey.export({ format: 'jwk' }),
      kid: maker.relay.key.kid,
      alg: 'RS256',
      use: 'sig',
    },
  })),
  foreignSigned('its key elsewhere (jku)', (maker, index) => ({
    ...maker.header(),
    jku: cycle(
      [
        'https://evil.example/jwks',
        `${maker.relay.issuer}/../evil`,
        'http://127.0.0.1:1/jwks',
        'file:///etc/passwd',
      ],
      index,
    ),
  })),
  foreignSigned('its certificate elsewhere (x5u)', (maker, index) => ({
    ...maker.header(),
    x5u: cycle(['https://evil.example/cert.pem', 'http://169.254.169.254/'], index),
  })),
  foreignSigned('its certificate in the header (x5c)', (maker) => ({
    ...maker.header(),
    x5c: [maker.foreign.rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
    x5t: 'AAAA',
  })),
  foreignSigned('key ids that are paths or queries', (maker, index) => ({
    ...maker.header(),
    kid: cycle(
      [
        '../../../../dev/null',
        '/dev/null',
        "x' UNION SELECT 'a' --",
        '',
        `${maker.relay.key.kid}\0`,
        '__proto__',
        'constructor',
        'local',
        '*',
      ],
      index,
    ),
  })),
  foreignSigned('key ids that are no text', (maker, index) => ({
    ...maker.header(),
    kid: cycle<unknown>([null, 1, [], [maker.relay.key.kid], { kid: maker.relay.key.kid }, true], index),
  })),
  header('no key id, rightly signed', { kid: undefined }),
  {
    name: 'the payload of one, the signature of another',
    share: 2,
    make: (maker) => {
      const [head, , mark] = partsOf(maker.withClaims({}));
      return `${head}.${encode(maker.claims(maker.someone()))}.${mark}`;
    },
  },
  {
    name: 'an honest token, one claim changed',
    share: 2,
    make: (maker, index) => {
      const bearer = maker.someone();
      const [head, body, mark] = partsOf(maker.withClaims({}, bearer));
      const text = Buffer.from(body, 'base64url').toString();
      const changed = cycle(
        [
          text.replace(bearer.org, clerkId('org')),
          text
            .replace(/"rol":"\w+"/, '"rol":"owner"')
            .replace('owner', bearer.role === 'admin' ? 'reviewer' : 'admin'),
          text.replace(/"exp":\d+/, `"exp":${seconds() + 86_400}`),
          text.replace(bearer.userId, clerkId('user')),
          text.replace(bearer.sid, clerkId('sess')),
        ],
        index,
      );
      return `${head}.${encode(changed)}.${mark}`;
    },
  },
  {
    name: 'no signature, or one of nothing',
    make: (maker, index) => {
      const [head, body, mark] = partsOf(maker.withClaims({}));
      return cycle(
        [
          `${head}.${body}`,
          `${head}.${body}.`,
          `${head}.${body}.${'A'.repeat(mark.length)}`,
          `${head}.${body}.AAAA`,
        ],
        index,
      );
    },
  },
  header(
    'a critical header',
    { crit: ['exp'] },
    { crit: ['b64'], b64: false },
    { crit: [] },
    { crit: ['x'], x: 1 },
    { crit: 'exp' },
    { crit: null },
  ),
  header(
    'another type of token',
    { typ: 'at+jwt' },
    { typ: 'JWS' },
    { typ: '' },
    { typ: undefined },
    { typ: 'jwt' },
    { typ: ['JWT'] },
  ),
  header(
    'another category',
    { cat: tokenCategory.template },
    { cat: tokenCategory.machine },
    { cat: undefined },
    { cat: '' },
    { cat: 'cl_B7d4PD444AAA' },
    { cat: [tokenCategory.session] },
    { cat: `${tokenCategory.session} ` },
    { cat: tokenCategory.session.toLowerCase() },
  ),
];
