import { errorBody, type IdentityError } from './identity-error.ts';

/** A refusal of our own. */
export function refusal(error: IdentityError): Response {
  return json(error.status, errorBody(error), null);
}

/** The only form in which an answer reaches a page: JSON, and no header of the server's but this one. */
export function json(status: number, body: unknown, retryAfter: string | null): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      ...(retryAfter === null ? {} : { 'retry-after': retryAfter }),
    },
  });
}
