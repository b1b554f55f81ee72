import { BEAT, BEAT_ANSWER } from '#protocol/control/heartbeat.ts';
import type { TokenBucket } from '../limits/token-bucket.ts';

export interface SessionSocketEvents {
  /** Anything came, also what asks for a sign of life. */
  readonly heard?: () => void;
  readonly text: (data: string) => void;
  readonly bytes: (data: Uint8Array) => void;
  /** It sends more than it may. */
  readonly flooded: () => void;
  /** One of the above threw. */
  readonly failed: (error: unknown) => void;
  /** Once or twice, by `close` and by `error`. */
  readonly gone: () => void;
}

/** Hear an accepted socket of a session, the agent's or a console's. Nothing is heard once it is closed. */
export function listen(
  socket: WebSocket,
  limits: { readonly messages: TokenBucket; readonly beats: TokenBucket },
  events: SessionSocketEvents,
): void {
  socket.addEventListener('message', ({ data }) => {
    // A peer that does not answer our close may still send.
    if (socket.readyState !== WebSocket.OPEN) return;
    try {
      events.heard?.();
      if (!limits.messages.take()) events.flooded();
      else if (data === BEAT) {
        // Each is answered, whether or not the answers are read.
        if (limits.beats.take()) socket.send(BEAT_ANSWER);
        else events.flooded();
      } else if (typeof data === 'string') events.text(data);
      else if (data instanceof ArrayBuffer) events.bytes(new Uint8Array(data));
    } catch (error) {
      events.failed(error);
    }
  });
  socket.addEventListener('close', events.gone);
  socket.addEventListener('error', events.gone);
}
