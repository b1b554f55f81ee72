// How the worker and its objects refuse: an HTTP answer whose header names the code. Browsers hide the HTTP answer of
// a failed upgrade, so for sockets the worker makes an opened and closed one of it (refused-sockets.ts).
import { errors } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { wireError } from './wire-error.ts';

/** On every refusal, that of a socket included: its code. */
export const REFUSED_HEADER = 'Caisey-Refused';

export function isUpgrade(request: Request): boolean {
  return request.headers.get('Upgrade')?.toLowerCase() === 'websocket';
}

export function refuseHttp(refusal: Refusal): Response {
  const { code, text } = wireError(refusal.code);
  return answer(refusal, { code, text });
}

/** The refusal of a socket, with its detail; of an ordinary request at the same address, without. */
export function refuseUpgrade(request: Request, refusal: Refusal): Response {
  if (!isUpgrade(request)) return refuseHttp(refusal);
  return answer(refusal, wireError(refusal.code, refusal.detail, refusal.retryAfterMs));
}

function answer({ code, retryAfterMs }: Refusal, error: ReturnType<typeof wireError>): Response {
  const retryAfter =
    retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) };
  return Response.json(
    { error },
    {
      status: errors[code].status,
      headers: { [REFUSED_HEADER]: code, ...retryAfter, 'Cache-Control': 'no-store' },
    },
  );
}
