import { describe, expect, it } from 'vitest';
import { matchIdentityRoute } from './identity-routes.ts';

const pin = 'org_2NcrG06nygvGgnGJP8GD0WyIT41';
const foreign = 'org_2VxBvWYGxPGdCvksnMITjN4MLzP';
const common = '__clerk_api_version=1&_clerk_js_version=6.40.0&_is_native=1';
const ask = (method: string, path: string, body = '', query = '') =>
  matchIdentityRoute(
    {
      method,
      path,
      query: new URLSearchParams(`${common}&${query}`),
      body: new URLSearchParams(body),
    },
    pin,
  );
const session = '/v1/client/sessions/sess_2abc';
const callback = encodeURIComponent('caisey://sso-callback');
const sso = `strategy=enterprise_sso&redirect_url=${callback}&action_complete_redirect_url=${callback}&enterprise_connection_id=ent_1`;

describe('matchIdentityRoute', () => {
  it('lets through what clerk-js needs for one organization', () => {
    for (const [method, path, body, query] of [
      ['GET', '/v1/environment'],
      ['GET', '/v1/client'],
      ['POST', '/v1/client/sign_ins', 'strategy=password&identifier=a&password=b&locale=en&timezone=UTC'],
      ['POST', '/v1/client/sign_ins', 'identifier=a&locale=en&timezone=UTC'],
      [
        'POST',
        '/v1/client/sign_ins/sia_1/prepare_first_factor',
        'strategy=email_code&email_address_id=idn_1',
      ],
      ['POST', '/v1/client/sign_ins/sia_1/prepare_first_factor', sso],
      ['POST', '/v1/client/sign_ins/sia_1/attempt_first_factor', 'strategy=email_code&code=1'],
      [
        'POST',
        '/v1/client/sign_ins/sia_1/prepare_second_factor',
        'strategy=email_code&email_address_id=idn_1',
      ],
      ['POST', '/v1/client/sign_ins/sia_1/attempt_second_factor', 'strategy=totp&code=1'],
      ['POST', '/v1/client/sign_ins/sia_1/attempt_second_factor', 'strategy=backup_code&code=1'],
      ['POST', `${session}/touch`, `active_organization_id=${pin}&intent=select_org`],
      ['POST', `${session}/tokens`, `organization_id=${pin}&tab_state=focused`, 'debug=skip_cache'],
      ['GET', session, '', '_clerk_session_id=sess_2abc'],
      ['POST', `${session}/verify`, 'level=first_factor'],
      ['POST', `${session}/verify/attempt_first_factor`, 'strategy=password&password=x'],
      ['POST', '/v1/client/sessions', '', '_method=DELETE'],
      ['GET', '/v1/me/organization_memberships', '', 'paginated=true&limit=10&offset=0'],
    ] as const)
      expect(ask(method, path, body, query).ok, `${method} ${path}`).toBe(true);
  });

  it('refuses any organization but the pinned one, none, and two', () => {
    for (const value of ['', foreign, pin.toLowerCase(), `${pin} `, `${pin},${foreign}`])
      for (const [action, name] of [
        ['touch', 'active_organization_id'],
        ['tokens', 'organization_id'],
      ] as const)
        expect(ask('POST', `${session}/${action}`, `${name}=${value}`), value).toMatchObject({
          code: 'organization_pinned',
        });
    expect(ask('POST', `${session}/touch`)).toMatchObject({ code: 'organization_pinned' });
    expect(ask('POST', `${session}/tokens`)).toMatchObject({ code: 'organization_pinned' });
    expect(ask('POST', `${session}/tokens`, `organization_id=${pin}&organization_id=${foreign}`).ok).toBe(
      false,
    );
    expect(ask('POST', `${session}/tokens`, `organization_id=${pin}`, `organization_id=${foreign}`).ok).toBe(
      false,
    );
  });

  it('refuses everything that is not listed', () => {
    for (const [method, path, body, query] of [
      ['POST', `${session}/tokens/relay`, `organization_id=${pin}`],
      ['GET', '/v1/me'],
      ['GET', `/v1/organizations/${foreign}`],
      ['GET', '/v1/me/organization_invitations'],
      ['POST', '/v1/organizations', 'name=x'],
      ['POST', '/v1/client/sign_ups', 'email_address=x'],
      ['GET', `${session}/touch`],
      ['PUT', '/v1/client'],
      ['DELETE', '/v1/client'],
      ['POST', '/v1/client', '', '_method=DELETE'],
      ['POST', '/v1/environment', '', '_method=PATCH'],
      ['GET', '/v1/client', '', '_method=DELETE&'.concat('x=1')],
      ['POST', '/v1/client/sign_ins', 'strategy=password&organization=x'],
      ['POST', '/v1/client/sign_ins', '_method=DELETE'],
      // Other factors, other ways back, and the nonce that is main's to spend.
      ['POST', '/v1/client/sign_ins', 'strategy=ticket&identifier=a'],
      ['POST', '/v1/client/sign_ins', `strategy=enterprise_sso&identifier=a&redirect_url=${callback}`],
      ['POST', '/v1/client/sign_ins/sia_1/prepare_first_factor', 'strategy=passkey'],
      ['POST', '/v1/client/sign_ins/sia_1/prepare_first_factor', sso.replace('caisey', 'https')],
      ['POST', '/v1/client/sign_ins/sia_1/prepare_first_factor', sso.replace('sso-callback&e', 'x&e')],
      ['POST', '/v1/client/sign_ins/sia_1/attempt_second_factor', 'strategy=passkey&code=1'],
      ['GET', '/v1/client/sign_ins/sia_1', '', 'rotating_token_nonce=abc'],
      ['GET', '/v1/client', '', 'rotating_token_nonce=abc'],
      ['GET', '/v1/client/../environment'],
      ['GET', '//evil.example/v1/client'],
      ['GET', '/v1/client/sessions/sess_1%2ftokens'],
      ['GET', '/v1/client\n'],
      ['POST', `${session}/verify`, 'level=first_factor&level=second_factor'],
    ] as const)
      expect(ask(method, path, body, query), `${method} ${path} ${body} ${query}`).toMatchObject({
        ok: false,
        code: 'identity_request_refused',
      });
  });
});
