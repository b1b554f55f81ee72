// Tokens that are signed as they should be and claim what must not be believed.
import { cycle, seconds } from './hostile-class.ts';
import type { HostileClass } from './hostile-class.ts';
import { clerkId } from './mint.ts';
import type { TokenMaker } from './token-maker.ts';

/** A class whose tokens carry these claims, signed as they should be. */
const claims = (name: string, ...variants: readonly Variant[]): HostileClass => ({
  name,
  make: (maker, index) => {
    const variant = cycle(variants, index);
    const bearer = maker.someone();
    return maker.withClaims(typeof variant === 'function' ? variant(maker, bearer.org) : variant, bearer);
  },
});
type Variant =
  | Readonly<Record<string, unknown>>
  | ((maker: TokenMaker, org: string) => Readonly<Record<string, unknown>>);

const entering = (...args: Parameters<typeof claims>): HostileClass => ({
  ...claims(...args),
  enteringOnly: true,
});

/** A class whose tokens name their organization so. */
const organization = (name: string, ...variants: readonly ((org: string) => unknown)[]) =>
  claims(name, ...variants.map((variant) => (_maker: TokenMaker, org: string) => ({ o: variant(org) })));
const idOf = (...ids: readonly ((org: string) => unknown)[]) =>
  ids.map((id) => (org: string) => ({ id: id(org), rol: 'admin', slg: 'x' }));

export const claimClasses: readonly HostileClass[] = [
  claims(
    'expired',
    () => ({ exp: seconds() - 8 }),
    () => ({ exp: seconds() - 3600, iat: seconds() - 3660, nbf: seconds() - 3670 }),
    { exp: 0 },
    { exp: -1 },
    { exp: 1 },
  ),
  claims(
    'an expiry that is none',
    { exp: undefined },
    { exp: null },
    { exp: '9999999999' },
    { exp: [9_999_999_999] },
    { exp: true },
    { exp: 9_999_999_999.5 },
  ),
  claims(
    'not yet valid',
    () => ({ nbf: seconds() + 30 }),
    () => ({ nbf: seconds() + 3600 }),
    { nbf: 9_999_999_999 },
  ),
  claims(
    'issued later',
    () => ({ iat: seconds() + 30 }),
    () => ({ iat: seconds() + 86_400 }),
    { iat: 9_999_999_999 },
  ),
  claims(
    'an issue time that is none',
    { iat: undefined },
    { iat: null },
    { iat: '0' },
    { iat: [0] },
    { iat: 1.5 },
  ),
  claims(
    'another issuer',
    { iss: 'https://clerk.elsewhere.example' },
    { iss: undefined },
    { iss: null },
    ({ relay }) => ({ iss: `${relay.issuer}/` }),
    ({ relay }) => ({ iss: [relay.issuer] }),
    ({ relay }) => ({ iss: relay.issuer.toUpperCase() }),
    ({ relay }) => ({ iss: `${relay.issuer}.evil.example` }),
    ({ relay }) => ({ iss: ` ${relay.issuer}` }),
    ({ relay }) => ({ iss: `${relay.issuer}\0` }),
  ),
  claims(
    'a session that is not active',
    { sts: 'pending' },
    { sts: 'revoked' },
    { sts: 'ended' },
    { sts: 'expired' },
    { sts: 'removed' },
    { sts: 'abandoned' },
    { sts: undefined },
    { sts: null },
    { sts: 'Active' },
    { sts: true },
    { sts: ['active'] },
  ),
  claims(
    'another version',
    { v: 1 },
    { v: '2' },
    { v: 3 },
    { v: undefined },
    { v: null },
    { v: [2] },
    { v: 2.5 },
    { v: true },
  ),
  claims(
    'version 1, its organization beside',
    (_maker, org) => ({ v: 1, o: undefined, org_id: org, org_role: 'org:admin' }),
    (_maker, org) => ({ o: undefined, org_id: org, org_role: 'admin' }),
  ),
  claims(
    'an audience elsewhere',
    { aud: 'https://elsewhere.example' },
    { aud: ['https://elsewhere.example'] },
    { aud: 'caisey' },
  ),
  claims(
    'made for a web page (azp)',
    { azp: 'https://evil.example' },
    { azp: 'http://localhost:3000' },
    { azp: 'null' },
  ),
  claims(
    'someone in another’s name (act)',
    () => ({ act: { sub: clerkId('user'), iss: 'https://dashboard.clerk.com' } }),
    () => ({ act: { sub: clerkId('user') } }),
  ),
  claims('no organization', { o: undefined }, { o: null }, { o: {} }, { o: '' }, { o: false }, { o: 0 }),
  organization(
    'two organizations',
    (org) => [
      { id: org, rol: 'admin' },
      { id: clerkId('org'), rol: 'admin' },
    ],
    (org) => [{ id: org, rol: 'admin' }],
  ),
  organization(
    'a list of ids',
    ...idOf(
      (org) => [org],
      (org) => [org, clerkId('org')],
      () => [],
    ),
  ),
  organization(
    'an id that is a path',
    ...idOf(
      (org) => `${org}/../${clerkId('org')}`,
      (org) => `../${org}`,
      (org) => `${org}/`,
      (org) => `${org}/mac_1/ses_1`,
      (org) => `${org}%2f..`,
      (org) => `${org}?x`,
      (org) => `${org}#x`,
    ),
  ),
  organization(
    'an id with NUL, line ends, blanks',
    ...idOf(
      (org) => `${org}\0`,
      (org) => `\0${org}`,
      (org) => `${org}\n`,
      (org) => ` ${org}`,
      (org) => `${org} `,
      (org) => `${org}\t`,
      (org) => `${org}\r\n`,
    ),
  ),
  organization(
    'an id in other letters',
    ...idOf(
      (org) => org.toUpperCase(),
      (org) => org.replace('org_', 'ORG_'),
      (org) => org.replace('org_', 'Org_'),
      (org) => org.replace('o', 'о'),
      (org) => `${org}\u0301`,
      (org) => org.replace('org_', 'org＿'),
    ),
  ),
  organization(
    'an id that is no text',
    ...idOf(
      () => 1,
      () => null,
      () => true,
      () => ({}),
      (org) => ({ id: org }),
      () => undefined,
    ),
  ),
  organization(
    'an id too long or short',
    ...idOf(
      (org) => org + 'a'.repeat(20),
      () => 'org_',
      () => `org_${'a'.repeat(19)}`,
      () => '',
      () => `org_${'a'.repeat(4000)}`,
      (org) => `user_${org.slice(4)}`,
    ),
  ),
  organization(
    'an organization that is text',
    (org) => org,
    (org) => JSON.stringify({ id: org, rol: 'admin' }),
    (org) => ({ o: { id: org, rol: 'admin' } }),
    (org) => ({ ID: org, rol: 'admin' }),
  ),
  claims(
    'a role of nobody’s',
    ...[
      'owner',
      'Admin',
      'ADMIN',
      'org:admin',
      '',
      null,
      ['admin'],
      'admin ',
      ' admin',
      1,
      true,
      undefined,
      'admin,technician',
      'root',
      '__proto__',
      { role: 'admin' },
    ].map((rol) => (_maker: TokenMaker, org: string) => ({ o: { id: org, rol } })),
  ),
  claims('no sign-in', { sid: undefined }, { sid: null }, { sid: '' }),
  claims(
    'a sign-in that is none',
    { sid: 'sess_' },
    { sid: 'sess_../../x' },
    { sid: 1 },
    { sid: ['sess_aaaaaaaaaaaaaaaaaaaa'] },
    () => ({ sid: `${clerkId('sess')}\0` }),
    () => ({ sid: `${clerkId('sess')}/x` }),
    () => ({ sid: clerkId('org') }),
    () => ({ sid: clerkId('sess').toUpperCase() }),
    { sid: `sess_${'a'.repeat(400)}` },
  ),
  claims(
    'a person who is none',
    { sub: undefined },
    { sub: null },
    { sub: '' },
    { sub: 1 },
    { sub: 'user_../x' },
    { sub: ['user_aaaaaaaaaaaaaaaaaaaa'] },
    () => ({ sub: clerkId('org') }),
    { sub: 'admin' },
  ),
  claims(
    'ages of factors that are none',
    { fva: '0' },
    { fva: [0] },
    { fva: [] },
    { fva: [0, 0, 0] },
    { fva: ['0', '-1'] },
    { fva: [null, 0] },
    { fva: { 0: 0, 1: 0 } },
    { fva: [-5, 0] },
    { fva: [0.5, 0] },
    { fva: true },
    { fva: null },
    { fva: [[0], 0] },
    { fva: [-1e99, 0] },
  ),
  entering(
    'a sign-in that is not fresh',
    { fva: [3, -1] },
    { fva: [3, 0] },
    { fva: [4, 4] },
    { fva: [600, -1] },
    { fva: [2_147_483_647, 0] },
  ),
  entering('a sign-in without any factor', { fva: [-1, -1] }, { fva: [-1, 0] }, { fva: undefined }),
];
