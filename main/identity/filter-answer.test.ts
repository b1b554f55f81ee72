import { describe, expect, it } from 'vitest';
import { filterAnswer, filterErrorAnswer } from './filter-answer.ts';
import type { AnswerKind } from './identity-routes.ts';

const pin = 'org_2NcrG06nygvGgnGJP8GD0WyIT41';
const foreign = 'org_2VxBvWYGxPGdCvksnMITjN4MLzP';
/** Whatever of these is in an answer must be gone behind the filter. */
const planted = /FOREIGN|org_2Vx/i;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (payload: object, header: object = { alg: 'RS256', cat: 'cl_B7d4PD111AAA' }): string =>
  `${encode(header)}.${encode({ v: 2, sub: 'user_1', sid: 'sess_1', iat: 100, exp: 160, ...payload })}.c2ln`;
const ownJwt = jwt({ o: { id: pin, rol: 'technician' } });
const foreignJwts = [
  jwt({ o: { id: foreign, slg: 'FOREIGN' } }),
  jwt({}),
  jwt({ o: { id: [pin] } }),
  jwt({ o: { id: pin }, org_id: foreign }),
  jwt({ o: { id: `${pin} ` } }),
  jwt({ o: { id: pin } }, { alg: 'RS256', cat: 'cl_B7d4PD222AAA' }),
  `${ownJwt}.more`,
  'no token',
];

const membership = (id: string, name: string) => ({
  object: 'organization_membership',
  id: `orgmem_${name}`,
  organization: {
    object: 'organization',
    id,
    name,
    slug: name.toLowerCase(),
    image_url: `https://img.example/FOREIGN.png`,
    has_image: true,
    public_metadata: { sister: 'FOREIGN company' },
    private_note: 'FOREIGN',
    members_count: 3,
  },
  public_metadata: { also: 'FOREIGN' },
  public_user_data: { user_id: 'user_1', identifier: 't@msp.example', image_url: 'https://x/FOREIGN' },
  role: 'org:technician',
  role_name: 'Technician',
  permissions: ['org:console:open'],
  created_at: 1,
  updated_at: 1,
});
const memberships = [
  membership(foreign, 'FOREIGN_Primary'),
  membership(pin, 'DentalCare_Westside'),
  { organization: { id: foreign }, odd: 'FOREIGN' },
  'FOREIGN',
];
const user = {
  object: 'user',
  id: 'user_1',
  external_id: 'FOREIGN-77',
  first_name: 'Tess',
  last_name: 'Okafor',
  image_url: 'https://img.example/FOREIGN',
  email_addresses: [
    {
      id: 'idn_1',
      email_address: 't@msp.example',
      verification: {
        status: 'verified',
        strategy: 'email_code',
        external_verification_redirect_url: 'FOREIGN',
      },
      linked_to: [{ type: 'saml', id: 'FOREIGN' }],
    },
  ],
  enterprise_accounts: [{ enterprise_connection: { name: 'FOREIGN SSO' } }],
  saml_accounts: [{ provider: 'FOREIGN' }],
  external_accounts: [{ label: 'FOREIGN' }],
  organization_memberships: memberships,
  organization_invitations: [{ public_organization_data: { name: 'FOREIGN' } }],
  public_metadata: { clients: ['FOREIGN'] },
  unsafe_metadata: { last: foreign },
};
const session = (token: unknown = { object: 'token', jwt: ownJwt }, lastActive: unknown = pin) => ({
  object: 'session',
  id: 'sess_1',
  status: 'active',
  factor_verification_age: [0, -1],
  last_active_organization_id: lastActive,
  last_active_token: token,
  actor: { iss: 'FOREIGN' },
  tasks: [{ key: 'choose-organization', hint: 'FOREIGN' }],
  user,
  public_user_data: { first_name: 'Tess', identifier: 't@msp.example', org: 'FOREIGN' },
});
const signIn = {
  object: 'sign_in',
  id: 'sia_1',
  status: 'complete',
  supported_first_factors: [{ strategy: 'enterprise_sso', enterprise_connection_name: 'FOREIGN' }],
  first_factor_verification: {
    status: 'verified',
    message: 'FOREIGN',
    external_verification_redirect_url: 'x',
  },
  created_session_id: 'sess_1',
  user_data: { first_name: 'Tess', company: 'FOREIGN' },
};
const client = (one = session()) => ({
  object: 'client',
  id: 'client_1',
  sessions: [one],
  sign_in: signIn,
  sign_up: { organization: 'FOREIGN' },
  last_active_session_id: 'sess_1',
  new_in_next_year: { name: 'FOREIGN', id: foreign },
});
const answers = (one = session()): Record<Exclude<AnswerKind, 'environment' | 'token'>, unknown> => ({
  client: { response: client(one), client: null, meta: 'FOREIGN' },
  signIn: { response: signIn, client: client(one) },
  session: { response: one, client: client(one) },
  verification: {
    response: {
      object: 'session_verification',
      id: 'sver_1',
      status: 'complete',
      session: one,
      note: 'FOREIGN',
    },
    client: client(one),
  },
  memberships: { response: { data: memberships, total_count: 4 }, client: client(one) },
});

describe('filterAnswer', () => {
  it('keeps the window its own organization in every kind of answer, and nothing of another', () => {
    for (const [kind, answer] of Object.entries(answers())) {
      const filtered = filterAnswer(kind as AnswerKind, answer, pin);
      expect(filtered, kind).toMatchObject({ ok: true, tokens: [{ jwt: ownJwt, lifetimeSeconds: 60 }] });
      const text = JSON.stringify(filtered);
      expect(text, kind).not.toMatch(planted);
      expect(text, kind).toContain('DentalCare_Westside');
      expect(text, kind).toContain(ownJwt);
    }
  });

  it('removes every token that is not a session token of this organization', () => {
    for (const token of foreignJwts) {
      for (const [kind, answer] of Object.entries(
        answers(session({ object: 'token', jwt: token }, foreign)),
      )) {
        const filtered = filterAnswer(kind as AnswerKind, answer, pin);
        expect(filtered, kind).toMatchObject({ ok: true, tokens: [] });
        expect(JSON.stringify(filtered), kind).not.toContain(token);
        expect(JSON.stringify(filtered), kind).not.toMatch(planted);
      }
      expect(filterAnswer('token', { object: 'token', jwt: token }, pin).ok, token).toBe(false);
    }
    expect(filterAnswer('token', { object: 'token', jwt: ownJwt, extra: 'FOREIGN' }, pin)).toEqual({
      ok: true,
      body: { object: 'token', jwt: ownJwt },
      tokens: [{ jwt: ownJwt, issuedAtSeconds: 100, lifetimeSeconds: 60 }],
    });
  });

  it('does not count the others', () => {
    expect(filterAnswer('memberships', answers().memberships, pin)).toMatchObject({
      body: { response: { data: [{ organization: { id: pin, image_url: '' } }], total_count: 1 } },
    });
  });

  it('refuses an answer in which another organization still stands somewhere', () => {
    const named = {
      ...(answers().signIn as object),
      response: { ...signIn, identifier: `${foreign}@msp.example` },
    };
    expect(filterAnswer('signIn', named, pin)).toEqual({ ok: false, why: 'names another organization' });
  });

  it('refuses other forms rather than pass them', () => {
    for (const answer of [undefined, null, 'FOREIGN', [], {}, { response: 7 }, { response: { id: 'x' } }])
      expect(filterAnswer('session', answer, pin).ok, JSON.stringify(answer)).toBe(false);
  });

  it('passes the environment by name alone', () => {
    const environment = {
      object: 'environment',
      auth_config: { object: 'auth_config', single_session_mode: true, session_minter: true },
      display_config: { application_name: 'Console', support_email: 'FOREIGN' },
      user_settings: {
        attributes: { password: { enabled: true, note: 'FOREIGN' } },
        social: { oauth_custom_foreign: { name: 'FOREIGN' } },
        enterprise_sso: { connections: ['FOREIGN'] },
      },
      organization_settings: { enabled: true, domains: { default_role: 'FOREIGN' } },
      maintenance_mode: false,
    };
    const filtered = filterAnswer('environment', environment, pin);
    expect(filtered.ok, JSON.stringify(filtered)).toBe(true);
    expect(JSON.stringify(filtered)).not.toMatch(planted);
    expect(JSON.stringify(filtered)).not.toContain('session_minter');
  });
});

describe('filterErrorAnswer', () => {
  it('keeps the address of a company’s sign-in page and the name of its connection from the page', () => {
    const answer = {
      response: {
        object: 'sign_in',
        id: 'sia_1',
        status: 'needs_first_factor',
        supported_first_factors: [
          {
            strategy: 'enterprise_sso',
            enterprise_connection_id: 'ent_1',
            enterprise_connection_name: 'FOREIGN Okta',
            enterprise_connection_logo_public_url: 'https://img.example/FOREIGN',
          },
        ],
        first_factor_verification: {
          status: 'unverified',
          strategy: 'enterprise_sso',
          external_verification_redirect_url: 'https://FOREIGN.example/saml2',
          nonce: 'FOREIGN',
        },
      },
      client: null,
    };
    for (const organization of [pin, null]) {
      const filtered = filterAnswer('signIn', answer, organization);
      expect(filtered).toMatchObject({
        body: { response: { supported_first_factors: [{ enterprise_connection_id: 'ent_1' }] } },
      });
      expect(JSON.stringify(filtered)).not.toMatch(planted);
    }
  });

  it('keeps codes, and texts only where they are about the form', () => {
    const filtered = filterErrorAnswer(
      {
        errors: [
          {
            code: 'form_password_incorrect',
            message: 'Password is incorrect.',
            long_message: 'Password is incorrect. Try again.',
            meta: { param_name: 'password', name: 'FOREIGN' },
          },
          { code: 'organization_not_found', message: 'FOREIGN_Primary was not found', meta: { id: foreign } },
        ],
        clerk_trace_id: 'FOREIGN',
      },
      pin,
    );
    expect(filtered).toMatchObject({
      ok: true,
      body: {
        errors: [
          {
            code: 'form_password_incorrect',
            long_message: 'Password is incorrect. Try again.',
            meta: { param_name: 'password' },
          },
          { code: 'organization_not_found' },
        ],
      },
    });
    expect(JSON.stringify(filtered)).not.toMatch(planted);
  });

  it('refuses what is no error of a known form', () => {
    for (const answer of [undefined, 'FOREIGN', { errors: [] }, { errors: [{ code: 'FOREIGN name' }] }])
      expect(filterErrorAnswer(answer, pin).ok).toBe(false);
  });
});
