// Main's requests to Clerk's Frontend API: built from scratch, so that nothing a page sent rides along.
import { z } from 'zod';
import { parseJson } from '../settings/json-file.ts';
import type { TokenPlace } from './client-token.ts';

export type Fetch = (
  url: string,
  init: RequestInit & { bypassCustomProtocolHandlers?: boolean },
) => Promise<Response>;

export type IdentityAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: unknown;
      readonly retryAfter: string | null;
    }
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'aborted' };

export interface IdentityServerOptions {
  /** Origin of the Frontend API. */
  readonly frontendApi: string;
  readonly fetch: Fetch;
  readonly clientToken: TokenPlace;
}

export interface IdentityRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: URLSearchParams | null;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Said with everything that main asks by itself. */
export const NATIVE = { _is_native: '1', __clerk_api_version: '2026-08-20' } as const;

const ANSWER_MAX_CHARS = 2 * 1024 * 1024;
const RETRY_AFTER = z.string().regex(/^\d{1,6}$/);

/** One exchange. The client token is added here, and a new one is taken from the answer's header. */
export async function askIdentityServer(
  { frontendApi, fetch, clientToken }: IdentityServerOptions,
  request: IdentityRequest,
): Promise<IdentityAnswer> {
  const token = clientToken.get();
  const limit = AbortSignal.timeout(request.timeoutMs);
  try {
    const response = await fetch(`${frontendApi}${request.path}?${request.query.toString()}`, {
      method: request.method,
      headers: {
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(request.body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(request.body === null ? {} : { body: request.body.toString() }),
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
      bypassCustomProtocolHandlers: true,
      signal: request.signal === undefined ? limit : AbortSignal.any([request.signal, limit]),
    });
    const text = await response.text();
    if (request.signal?.aborted === true) return { kind: 'aborted' };
    const renewed = response.headers.get('authorization');
    if (renewed !== null && renewed !== '') clientToken.set(renewed.replace(/^Bearer /, ''));
    const retryAfter = RETRY_AFTER.safeParse(response.headers.get('retry-after'));
    return {
      kind: 'answered',
      status: response.status,
      body: text.length > ANSWER_MAX_CHARS ? undefined : parseJson(text),
      retryAfter: retryAfter.success ? retryAfter.data : null,
    };
  } catch (error) {
    if (request.signal?.aborted === true) return { kind: 'aborted' };
    return { kind: 'unreachable', why: error instanceof Error ? error.message : String(error) };
  }
}
