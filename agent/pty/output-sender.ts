import { encodeFrame, FRAME_PAYLOAD_MAX_BYTES, FrameKind } from '#protocol/frame/frame.ts';
import type { Clock } from '../clock.ts';
import type { OutputRing } from './output-ring.ts';

/** Sends the ring's output as frames, as far as credit allows and in chunks worth sending. */
export interface OutputSender {
  /** Output below was sent on the present socket. */
  readonly sentBytes: number;
  readonly unsentBytes: number;
  /** A new socket: send again from here; no credit yet. */
  restart(fromBytes: number): void;
  /** No socket. */
  stop(): void;
  /** Output may be sent up to here. Lower than before means nothing. */
  credit(limitBytes: number): void;
  /** The ring has more. `urgent`: whatever is there, now. */
  appended(urgent: boolean): void;
  dispose(): void;
}

/** Output that follows a send within this time is gathered. A pause longer than it means: send at once. */
const GATHER_MS = 3;

export function createOutputSender(
  ring: OutputRing,
  clock: Clock,
  events: {
    send(frame: Uint8Array): void;
    /** Right after its frame, so that nothing is done before it: a view, as `read` gives it. */
    gone(offsetBytes: number, payload: Uint8Array): void;
    sent(): void;
  },
): OutputSender {
  let running = false;
  let sent = 0;
  let limit = 0;
  let lastSendAt = 0;
  let cancelTimer: (() => void) | null = null;

  const stopTimer = (): void => {
    cancelTimer?.();
    cancelTimer = null;
  };
  const flush = (): void => {
    stopTimer();
    if (!running) return;
    let any = false;
    while (sent < ring.endBytes && sent < limit) {
      const payload = ring.read(sent, Math.min(FRAME_PAYLOAD_MAX_BYTES, limit - sent));
      const offset = sent;
      sent += payload.length;
      any = true;
      events.send(encodeFrame(FrameKind.output, offset, payload));
      events.gone(offset, payload);
    }
    if (!any) return;
    lastSendAt = clock.now();
    events.sent();
  };
  const schedule = (): void => {
    if (!running || sent >= ring.endBytes || sent >= limit) return;
    const waitMs = lastSendAt + GATHER_MS - clock.now();
    if (waitMs <= 0 || ring.endBytes - sent >= FRAME_PAYLOAD_MAX_BYTES) flush();
    else cancelTimer ??= clock.timer(waitMs, flush);
  };

  return {
    get sentBytes() {
      return sent;
    },
    get unsentBytes() {
      return ring.endBytes - Math.max(sent, ring.startBytes);
    },
    restart(fromBytes) {
      running = true;
      sent = fromBytes;
      limit = fromBytes;
    },
    stop() {
      running = false;
      stopTimer();
    },
    credit(limitBytes) {
      limit = Math.max(limit, limitBytes);
      schedule();
    },
    appended(urgent) {
      if (urgent) flush();
      else schedule();
    },
    dispose: stopTimer,
  };
}
