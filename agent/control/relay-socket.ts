import { WebSocket } from 'ws';
import { HttpRefusal } from '#protocol/control/enrollment.ts';
import { BEAT, BEAT_ANSWER, BEAT_EVERY_MS } from '#protocol/control/heartbeat.ts';
import { errorOfCloseCode, isErrorCode, type ErrorCode } from '#protocol/errors.ts';
import type { Clock } from '../clock.ts';

export interface RelaySocketClosed {
  /** From our table; null when the network or the peer just went away. */
  readonly error: ErrorCode | null;
  /** For the log. */
  readonly detail: string;
}

export interface RelaySocketEvents {
  opened(): void;
  text(message: string): void;
  bytes(message: Uint8Array): void;
  /** Once, and last. Not after `close()`. */
  closed(reason: RelaySocketClosed): void;
}

/** A WebSocket to the relay that notices a dead line by itself. */
export interface RelaySocket {
  send(message: string | Uint8Array): void;
  /** Is the line still there? Silence now ends it within seconds. */
  probe(): void;
  /** Closes without any further event. */
  close(): void;
}

/** Long enough for a relay that thousands come back to at once: giving up earlier only lengthens its queue. */
const HANDSHAKE_TIMEOUT_MS = 20_000;
const ANSWER_WITHIN_MS = 5000;
const PROBE_ANSWER_WITHIN_MS = 3000;
const MESSAGE_MAX_BYTES = 1024 * 1024;

export function openRelaySocket(
  url: string,
  authorization: string,
  clock: Clock,
  events: RelaySocketEvents,
): RelaySocket {
  const socket = new WebSocket(url, {
    headers: { Authorization: authorization },
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    perMessageDeflate: false,
    generateMask: keepZeroMask,
    maxPayload: MESSAGE_MAX_BYTES,
    followRedirects: false,
  });
  let done = false;
  let asking = false;
  let cancelTimer: (() => void) | null = null;

  const finish = (reason: RelaySocketClosed | null): void => {
    if (done) return;
    done = true;
    cancelTimer?.();
    if (reason !== null) events.closed(reason);
  };
  const rest = (delayMs: number): void => {
    asking = false;
    cancelTimer?.();
    cancelTimer = clock.timer(delayMs, () => ask(ANSWER_WITHIN_MS));
  };
  const ask = (answerWithinMs: number): void => {
    asking = true;
    cancelTimer?.();
    cancelTimer = clock.timer(answerWithinMs, () => {
      finish({ error: null, detail: 'silent' });
      socket.terminate();
    });
    // A message, not a ping: the relay sees it, and knows as well whether the line lives.
    socket.send(BEAT);
  };
  const heard = (): void => {
    if (asking && !done) rest(BEAT_EVERY_MS);
  };

  socket.on('open', () => {
    // Agents that were cut off together do not beat together.
    rest(BEAT_EVERY_MS * clock.random());
    events.opened();
  });
  socket.on('ping', heard);
  socket.on('pong', heard);
  socket.on('message', (data, isBinary) => {
    heard();
    if (done) return;
    const bytes = Buffer.isBuffer(data)
      ? data
      : data instanceof ArrayBuffer
        ? Buffer.from(data)
        : Buffer.concat(data);
    if (isBinary) return events.bytes(bytes);
    const text = bytes.toString('utf8');
    if (text !== BEAT_ANSWER) events.text(text);
  });
  socket.on('close', (code, reason) => {
    finish({ error: errorOfCloseCode(code), detail: `closed ${code} ${reason.toString('utf8')}`.trim() });
  });
  socket.on('error', (error) => finish({ error: null, detail: error.message }));
  // Instead of a WebSocket the relay answered an HTTP refusal, whose body holds the code.
  socket.on('unexpected-response', (request, response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('close', () => {
      const error = refusalCode(Buffer.concat(chunks).toString('utf8'));
      finish({ error, detail: `refused ${response.statusCode ?? 0}` });
      request.destroy();
    });
  });

  return {
    send(message) {
      if (!done && socket.readyState === WebSocket.OPEN) socket.send(message);
    },
    probe() {
      if (!done && socket.readyState === WebSocket.OPEN) ask(PROBE_ANSWER_WITHIN_MS);
    },
    close() {
      finish(null);
      socket.close(1000);
      // A peer that never answers the close must not keep the process alive.
      clock.timer(1000, () => socket.terminate());
    },
  };
}

/**
 * Masks keep scripts in web pages from writing what a proxy may take for a request. Here no page chooses the bytes, and
 * all but loopback is encrypted: a mask of zeros, which changes nothing, spares a fifth of the work of a flood.
 */
function keepZeroMask(): void {}

function refusalCode(body: string): ErrorCode | null {
  try {
    const refusal = HttpRefusal.safeParse(JSON.parse(body));
    return refusal.success && isErrorCode(refusal.data.error.code) ? refusal.data.error.code : null;
  } catch {
    return null;
  }
}
