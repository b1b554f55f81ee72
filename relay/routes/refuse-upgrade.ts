// Browsers hide the HTTP status of a failed upgrade, so a refused WebSocket is accepted here, told why,
// and closed at once with its code. An ordinary request gets the same refusal as JSON.
// Agents read the code alone: their protocol has no message for it.
import { errors } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { wireError } from './wire-error.ts';

export function isUpgrade(request: Request): boolean {
  return request.headers.get('Upgrade')?.toLowerCase() === 'websocket';
}

export function refuseHttp(refusal: Refusal): Response {
  const { code, text } = wireError(refusal.code);
  return Response.json(
    { error: { code, text } },
    {
      status: errors[refusal.code].status,
      headers: { ...refusedHeaders(refusal), 'Cache-Control': 'no-store' },
    },
  );
}

/** The header that names the code of a refusal: on a refused upgrade too, whose status says nothing. */
export const REFUSED_HEADER = 'Caisey-Refused';

function refusedHeaders({ code, retryAfterMs }: Refusal): Record<string, string> {
  return {
    [REFUSED_HEADER]: code,
    ...(retryAfterMs === undefined ? {} : { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) }),
  };
}

export function refuseUpgrade(
  request: Request,
  refusal: Refusal,
  peer: 'console' | 'agent' = 'console',
): Response {
  if (!isUpgrade(request)) return refuseHttp(refusal);
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  if (peer === 'console') {
    const error = wireError(refusal.code, refusal.detail, refusal.retryAfterMs);
    server.send(JSON.stringify({ type: 'closing', error }));
  }
  server.close(errors[refusal.code].closeCode, refusal.code);
  return new Response(null, { status: 101, webSocket: client, headers: refusedHeaders(refusal) });
}
