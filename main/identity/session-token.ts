// What main reads of a Clerk session token. It verifies nothing (the relay does): it sorts tokens by whose they are.
import { z } from 'zod';
import { parseJson } from '../settings/json-file.ts';

const TEMPLATE_OR_MACHINE = /^cl_B7d4PD(?:222|333)/;
const Header = z.object({ cat: z.string().optional() });
const Payload = z.object({
  iat: z.number(),
  exp: z.number(),
  o: z.object({ id: z.string() }),
  /** Version 1 named the organization here. A token with both is no token that we know. */
  org_id: z.undefined().optional(),
});

export interface SessionToken {
  readonly jwt: string;
  readonly issuedAtSeconds: number;
  readonly lifetimeSeconds: number;
}

/** The token when it is a session token for exactly this organization, else null. */
export function sessionTokenOf(jwt: string, organizationId: string): SessionToken | null {
  const [head, body, signature, ...more] = jwt.split('.');
  if (signature === undefined || more.length > 0) return null;
  const header = Header.safeParse(decoded(head));
  const payload = Payload.safeParse(decoded(body));
  if (!header.success || !payload.success) return null;
  if (header.data.cat !== undefined && TEMPLATE_OR_MACHINE.test(header.data.cat)) return null;
  const { iat, exp, o } = payload.data;
  if (o.id !== organizationId) return null;
  return { jwt, issuedAtSeconds: iat, lifetimeSeconds: exp - iat };
}

function decoded(part: string | undefined): unknown {
  return part === undefined ? undefined : parseJson(Buffer.from(part, 'base64url').toString('utf8'));
}
