import { z } from 'zod';
import { totpCode } from './totp.ts';

export type SignInOptions = {
  /** Base URL of the Frontend API, without a slash at the end. */
  url: string;
  identifier: string;
  password: string;
  /** The organization to make active; null leaves the session without one. */
  organizationId: string | null;
  /** The user's base32 TOTP secret, where a second factor is asked for. */
  totpSecret?: string;
};

export type SignedIn = {
  /** The session token minted at sign-in. */
  token: string;
  sessionId: string;
  /** What a native application keeps: it continues this client. */
  clientToken: string;
  /** A new session token, for the active organization unless another is named. */
  getToken(organizationId?: string): Promise<string>;
  /** Proves the password again, and the second factor where a secret was given. Resets the factor ages. */
  reverify(): Promise<void>;
  signOut(): Promise<void>;
};

/** A refusal by the identity server, with its first error code. */
export class SignInError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(`${message} (${status} ${code})`);
    this.name = 'SignInError';
    this.status = status;
    this.code = code;
  }
}

const tokenAnswer = z.object({ object: z.literal('token'), jwt: z.string() });
const signInAnswer = z.object({
  response: z.object({
    id: z.string(),
    status: z.string(),
    created_session_id: z.string().nullable(),
  }),
});
const verificationAnswer = z.object({ response: z.object({ status: z.string() }) });
const errorAnswer = z.object({
  errors: z.array(z.object({ code: z.string(), long_message: z.string() })).min(1),
});

/** Signs in over the Frontend API in native mode, as a console would, for set-up and tests in Node. */
export async function signIn(options: SignInOptions): Promise<SignedIn> {
  const { identifier, password, organizationId, totpSecret } = options;
  const connection = { url: options.url, clientToken: '' };

  const post = (path: string, fields: Record<string, string>, method?: 'DELETE') =>
    call(connection, path, fields, method);

  let attempt = signInAnswer.parse(
    await post('/client/sign_ins', { strategy: 'password', identifier, password }),
  );
  if (attempt.response.status === 'needs_second_factor' && totpSecret !== undefined) {
    const code = totpCode(totpSecret, Date.now());
    const path = `/client/sign_ins/${attempt.response.id}/attempt_second_factor`;
    attempt = signInAnswer.parse(await post(path, { strategy: 'totp', code }));
  }
  const sessionId = attempt.response.created_session_id;
  if (sessionId === null) {
    throw new SignInError(200, attempt.response.status, 'The sign-in is not complete');
  }
  const session = `/client/sessions/${sessionId}`;
  if (organizationId !== null) {
    await post(`${session}/touch`, { active_organization_id: organizationId, intent: 'select_org' });
  }
  const getToken = async (organization = organizationId) => {
    const answer = await post(`${session}/tokens`, { organization_id: organization ?? '' });
    return tokenAnswer.parse(answer).jwt;
  };
  return {
    token: await getToken(),
    sessionId,
    clientToken: connection.clientToken,
    getToken,
    reverify: async () => {
      await post(`${session}/verify`, {
        level: totpSecret === undefined ? 'first_factor' : 'multi_factor',
      });
      const first = verificationAnswer.parse(
        await post(`${session}/verify/attempt_first_factor`, { strategy: 'password', password }),
      );
      if (first.response.status !== 'needs_second_factor' || totpSecret === undefined) return;
      await post(`${session}/verify/attempt_second_factor`, {
        strategy: 'totp',
        code: totpCode(totpSecret, Date.now()),
      });
    },
    signOut: async () => {
      await post('/client/sessions', {}, 'DELETE');
    },
  };
}

async function call(
  connection: { url: string; clientToken: string },
  path: string,
  fields: Record<string, string>,
  method?: 'DELETE',
): Promise<unknown> {
  const query = method === undefined ? '_is_native=1' : `_is_native=1&_method=${method}`;
  const response = await fetch(`${connection.url}/v1${path}?${query}`, {
    method: 'POST',
    headers: connection.clientToken === '' ? {} : { authorization: `Bearer ${connection.clientToken}` },
    body: new URLSearchParams(fields),
  });
  const body: unknown = await response.json();
  const issued = response.headers.get('authorization');
  if (issued !== null) connection.clientToken = issued.replace(/^Bearer /, '');
  if (response.ok) return body;
  const error = errorAnswer.safeParse(body).data?.errors[0];
  throw new SignInError(response.status, error?.code ?? 'unknown', error?.long_message ?? 'Sign-in failed');
}
