// The relay with a control taken out. Where another control would hide that, both are; where only a fault in the relay
// itself could reach what the control guards, that fault is put in, and the control stands alone.

export interface Patch {
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  /** The control that is shown to hold something. */
  readonly control: string;
  readonly how: 'alone' | 'with what masks it' | 'driven at the object';
  readonly part: 'isolation' | 'tokens';
  readonly patches: readonly Patch[];
  /** What the proof has to say. */
  readonly expected: RegExp;
}

const token = (find: string, replace: string): Patch => ({
  file: 'relay/auth/clerk-token.ts',
  find,
  replace,
});
const tokens = (control: string, expected: RegExp, ...patches: Patch[]): Mutant => ({
  control,
  how: patches.length === 1 ? 'alone' : 'with what masks it',
  part: 'tokens',
  patches,
  expected,
});
const accepted = (kind: string): RegExp => new RegExp(`hostile token was accepted: ${kind}`);

/** The worker names the object by what the caller says, and tells the object so or not. */
const routeByHeader = (told: 'person' | 'named'): Patch => ({
  file: 'relay/routes/console-sockets.ts',
  find: `  return workspaceOf(env, person.org).fetch(
    admittedRequest({ kind: 'console', person, ip: callerIp(request) }),
  );`,
  replace: `  const said = (request.headers.get('X-Organization-Id') ?? person.org) as typeof person.org;
  const named = { ...person, org: said };
  return workspaceOf(env, named.org).fetch(
    admittedRequest({ kind: 'console', person: ${told}, ip: callerIp(request) }),
  );`,
});
const noHome: Patch = {
  file: 'relay/auth/home-organization.ts',
  find: 'if (home !== org) throw new ForeignOrganization();',
  replace: '',
};
const noBinding: Patch = {
  file: 'relay/sign-in/sign-in.ts',
  find: "if (home !== null && home !== org) return { ok: false, code: 'sign_in_bound_elsewhere' };",
  replace: '',
};

export const mutants: readonly Mutant[] = [
  {
    control: 'route check: the token names the object',
    how: 'alone',
    part: 'isolation',
    patches: [routeByHeader('named')],
    expected: /another organization’s was received/,
  },
  {
    control: 'stored organization: an object refuses another’s',
    how: 'driven at the object',
    part: 'isolation',
    patches: [routeByHeader('person'), noHome],
    expected: /another organization’s was received/,
  },
  {
    control: 'sid binding: one sign-in, one organization',
    how: 'alone',
    part: 'isolation',
    patches: [noBinding],
    expected: /a sign-in of another organization/,
  },
  {
    control: 'sid binding',
    how: 'with what masks it',
    part: 'isolation',
    patches: [noBinding, noHome],
    expected: /one sign-in entered two organizations/,
  },
  {
    control: 'machine seals (MAC of codes, credentials, tickets)',
    how: 'alone',
    part: 'isolation',
    patches: [
      {
        file: 'relay/auth/sealed-text.ts',
        find: 'if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;',
        replace: 'if (expected.length !== given.length) timingSafeEqual(expected, expected);',
      },
    ],
    expected: /a forged (?:machine|ticket)|told apart from what does not exist|was received/,
  },
  {
    control: 'webhook signature',
    how: 'alone',
    part: 'isolation',
    patches: [
      {
        file: 'relay/auth/clerk-webhook.ts',
        find: 'Event.safeParse(await verifyWebhook(request, { signingSecret }))',
        replace:
          'Event.safeParse(signingSecret === "" ? await verifyWebhook(request) : await request.json())',
      },
    ],
    expected: /a forged event was taken/,
  },
  {
    control: 'renewal: the same person, sign-in and organization',
    how: 'alone',
    part: 'isolation',
    patches: [
      {
        file: 'relay/workspace/console-messages.ts',
        find: 'person.userId === state.person.userId && person.sid === state.person.sid && person.org === context.org;',
        replace: 'person !== null && state !== null;',
      },
    ],
    expected: /a renewal for another organization was taken/,
  },
  {
    control: 'denials are recorded',
    how: 'alone',
    part: 'isolation',
    patches: [
      {
        file: 'relay/workspace/console-messages.ts',
        find: 'if (!outcome.ok && RECORDED.has(outcome.code)) {',
        replace: 'if (!outcome.ok && RECORDED.has(outcome.code) && verb === "machine.get") {',
      },
    ],
    expected: /its audit holds \d+ denials/,
  },
  tokens(
    'signature',
    accepted('a foreign key'),
    token('if (fault !== null) return fault;', 'if (fault === token) return null as never;'),
  ),
  tokens(
    'issuer',
    accepted('another issuer'),
    token("if (body['iss'] !== config.issuer) return refuse('token_wrong_issuer');", ''),
  ),
  tokens(
    'category',
    accepted('another category'),
    token("if (parsedHeader.data.cat !== SESSION_CATEGORY) return refuse('token_wrong_category');", ''),
  ),
  tokens(
    'session status',
    accepted('a session that is not active'),
    token("if (body['sts'] !== 'active') return refuse('session_inactive');", ''),
  ),
  tokens(
    'token version',
    accepted('another version'),
    token("if (body['v'] !== 2) return refuse('token_invalid', 'version');", ''),
    token('  v: z.literal(2),', '  v: z.unknown(),'),
  ),
  tokens(
    'audience, web page, actor',
    accepted('(?:an audience|made for|someone)'),
    token("const FOREIGN_CLAIMS = ['aud', 'azp', 'act'];", 'const FOREIGN_CLAIMS: string[] = [];'),
  ),
  tokens('keys said once', accepted('keys said twice'), token('if (hasRepeatedKeys(text)) return null;', '')),
  tokens('one spelling of base64', accepted('base64 in another spelling'), {
    file: 'relay/auth/base64url.ts',
    find: 'return toBase64url(bytes) === text ? bytes : null;',
    replace: 'return bytes;',
  }),
  tokens(
    'size',
    accepted('too large'),
    token("if (token.length > TOKEN_MAX_LENGTH) return refuse('token_invalid', 'larger than 8 KB');", ''),
  ),
  tokens('form of an organization id', accepted('an id'), {
    file: 'protocol/ids.ts',
    find: '.regex(/^org_[A-Za-z0-9]{20,40}$/)',
    replace: '.min(1)',
  }),
  tokens('roles', accepted('a role of nobody’s'), {
    file: 'relay/auth/clerk-token.ts',
    find: 'const role = Role.safeParse(organization.data.rol);',
    replace: "const role = Role.safeParse('admin');",
  }),
  tokens('freshness', accepted('a sign-in that is not fresh'), {
    file: 'relay/workspace/entries.ts',
    find: "if (!fresh) return refuse('sign_in_not_fresh');",
    replace: '',
  }),
  tokens(
    'spent sign-ins',
    accepted('a sign-in that is spent'),
    {
      file: 'relay/sign-in/sign-in.ts',
      find: "if (this.#has('SELECT 1 FROM spent')) return { ok: false, code: 'sign_in_spent' };",
      replace: '',
    },
    {
      file: 'relay/workspace/entries.ts',
      find: "if (known.ended_at !== null) return refuse(ENDED_CODE[known.end_reason ?? ''] ?? 'entry_ended');",
      replace: '',
    },
  ),
  tokens('one person a sign-in', accepted('a sign-in of another person'), {
    file: 'relay/workspace/entries.ts',
    find: "if (known.user_id !== person.userId) return refuse('token_invalid');",
    replace: '',
  }),
];
