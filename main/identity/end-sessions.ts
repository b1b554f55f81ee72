import { z } from 'zod';
import {
  askIdentityServer,
  NATIVE,
  type IdentityAnswer,
  type IdentityServerOptions,
} from './identity-server.ts';

const END_TIMEOUT_MS = 4_000;
const ClientSessions = z.object({
  response: z.object({ sessions: z.array(z.unknown()) }).nullable(),
});

/** Ends every session of the client, and looks whether they are gone. A client no longer known is forgotten. */
export async function endSessions(
  server: IdentityServerOptions,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }> {
  const ask = (method: 'GET' | 'POST', path: string, extra: Record<string, string>) =>
    askIdentityServer(server, {
      method,
      path,
      query: new URLSearchParams({ ...NATIVE, ...extra }),
      body: method === 'POST' ? new URLSearchParams() : null,
      timeoutMs: END_TIMEOUT_MS,
    });
  let answer = await ask('GET', '/v1/client', {});
  if (sessionCount(answer) !== 0) {
    await ask('POST', '/v1/client/sessions', { _method: 'DELETE' });
    answer = await ask('GET', '/v1/client', {});
  }
  const left = sessionCount(answer);
  if (left !== 0) return { ok: false, why: left === null ? answer.kind : `${left} left` };
  // A client that the server no longer knows is of no more use.
  if (answer.kind === 'answered' && answer.status !== 200) server.clientToken.forget();
  return { ok: true };
}

/** Live sessions of the client; null when the answer does not say. */
function sessionCount(answer: IdentityAnswer): number | null {
  if (answer.kind !== 'answered') return null;
  if (answer.status === 401 || answer.status === 404) return 0;
  const read = ClientSessions.safeParse(answer.body);
  return answer.status === 200 && read.success ? (read.data.response?.sessions.length ?? 0) : null;
}
