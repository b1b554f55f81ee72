// The organizations of whoever is signed in, asked by main itself: no page sees Clerk's own answer.
import { z } from 'zod';
import { OrgId } from '#protocol/ids.ts';
import { plainText } from '../plain-text.ts';
import { askIdentityServer, NATIVE, type IdentityServerOptions } from './identity-server.ts';

export interface NamedOrganization {
  readonly orgId: OrgId;
  /** 1–120 UTF-16 units, free of anything that reorders or hides text. */
  readonly name: string;
}

export type OrganizationsAnswer =
  | { readonly ok: true; readonly organizations: readonly NamedOrganization[] }
  | { readonly ok: false; readonly code: 'identity_unreachable' | 'not_signed_in' };

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = 100;
const PAGES_MAX = 20;
const NAME_MAX = 120;

const SignedIn = z.object({
  response: z.object({
    sessions: z.array(z.object({ id: z.string().regex(/^sess_\w+$/), status: z.string() })),
  }),
});
const Page = z.object({ response: z.object({ data: z.array(z.unknown()) }) });
const Membership = z.object({ organization: z.object({ id: OrgId, name: z.string() }) });

export async function listOrganizations(server: IdentityServerOptions): Promise<OrganizationsAnswer> {
  const ask = (path: string, query: Record<string, string>) =>
    askIdentityServer(server, {
      method: 'GET',
      path,
      query: new URLSearchParams({ ...NATIVE, ...query }),
      body: null,
      timeoutMs: TIMEOUT_MS,
    });
  const client = await ask('/v1/client', {});
  if (client.kind !== 'answered' || client.status >= 500) return { ok: false, code: 'identity_unreachable' };
  const signedIn = SignedIn.safeParse(client.body);
  const session = signedIn.data?.response.sessions.find(({ status }) => status !== 'ended');
  if (session === undefined) return { ok: false, code: 'not_signed_in' };

  const found = new Map<OrgId, NamedOrganization>();
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await ask('/v1/me/organization_memberships', {
      _clerk_session_id: session.id,
      paginated: 'true',
      limit: String(PAGE_SIZE),
      offset: String(page * PAGE_SIZE),
    });
    const read = Page.safeParse(answer.kind === 'answered' && answer.status === 200 ? answer.body : null);
    if (!read.success) return { ok: false, code: 'identity_unreachable' };
    const { data } = read.data.response;
    for (const one of data) {
      const membership = Membership.safeParse(one);
      if (!membership.success) continue;
      const { id: orgId, name } = membership.data.organization;
      found.set(orgId, { orgId, name: shortened(plainText(name)) || orgId });
    }
    if (data.length < PAGE_SIZE) break;
  }
  return { ok: true, organizations: [...found.values()] };
}

function shortened(name: string): string {
  if (name.length <= NAME_MAX) return name;
  // By characters, so that none is cut in half.
  let short = '';
  for (const character of name) {
    if (short.length + character.length > NAME_MAX - 1) break;
    short += character;
  }
  return `${short}…`;
}
