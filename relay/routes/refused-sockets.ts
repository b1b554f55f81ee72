// A refused WebSocket is opened, told why, and closed at once with its code: browsers show a page nothing else.
// A peer that never answers the close keeps its connection, and with it memory here (0.3 MB, and what it sends), so
// there are only so many of these at a time; beyond that the refusal stays the HTTP answer that it is.
import { errors, isErrorCode } from '#protocol/errors.ts';
import { isUpgrade, REFUSED_HEADER } from './refuse-upgrade.ts';

/** Honest peers answer a close within a round trip. */
const MAX_OPEN = 32;

export class RefusedSockets {
  #open = 0;

  get size(): number {
    return this.#open;
  }

  /**
   * @param answered what the route or the object answered
   * @param peer agents read the code alone: their protocol has no message for it
   */
  async answer(request: Request, answered: Response, peer: 'console' | 'agent'): Promise<Response> {
    const code = answered.headers.get(REFUSED_HEADER);
    if (!isUpgrade(request) || !isErrorCode(code) || this.#open >= MAX_OPEN) return answered;
    const body = await answered.text();
    const { 0: client, 1: server } = new WebSocketPair();
    this.#open += 1;
    const gone = (): void => {
      this.#open -= 1;
    };
    server.accept();
    server.addEventListener('close', gone, { once: true });
    // The answer's body is `{"error":…}`, which this message carries.
    if (peer === 'console') server.send(`{"type":"closing",${body.slice(1)}`);
    server.close(errors[code].closeCode, code);
    const headers: Record<string, string> = { [REFUSED_HEADER]: code };
    const retryAfter = answered.headers.get('Retry-After');
    if (retryAfter !== null) headers['Retry-After'] = retryAfter;
    return new Response(null, { status: 101, webSocket: client, headers });
  }
}
