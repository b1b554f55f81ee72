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
    { status: errors[refusal.code].status, headers: { 'Cache-Control': 'no-store' } },
  );
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
    server.send(JSON.stringify({ type: 'closing', error: wireError(refusal.code, refusal.detail) }));
  }
  server.close(errors[refusal.code].closeCode, refusal.code);
  return new Response(null, { status: 101, webSocket: client });
}
