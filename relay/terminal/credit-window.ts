// How much output may be on its way to a console. A line of 150 ms carries in one round trip several times what a near
// console should have waiting, so the window grows by what the line holds; what waits at its end stays the same.
import {
  CREDIT_WINDOW_BYTES,
  CREDIT_WINDOW_MAX_BYTES,
  FRAME_PAYLOAD_MAX_BYTES,
} from '#protocol/frame/frame.ts';
import { RoundTrip } from './round-trip.ts';

/** In a shorter round trip the usual window carries more than a console draws. */
const NEAR_MS = 20;
/** Of a console that was not measured yet; they draw 8 to 16. */
export const USUAL_DRAWING_BYTES_PER_MS = 12_000;

/** The window is as good as full. */
const SPARE_BYTES = 2 * FRAME_PAYLOAD_MAX_BYTES;

/**
 * @param roundTripMs from the grant at the machine's end to the acknowledgement of what is drawn: both legs
 * @param drawnBytesPerMs what its console draws when it has enough
 */
export function windowFor(roundTripMs: number, drawnBytesPerMs = USUAL_DRAWING_BYTES_PER_MS): number {
  if (roundTripMs < NEAR_MS) return CREDIT_WINDOW_BYTES;
  return Math.min(CREDIT_WINDOW_MAX_BYTES, CREDIT_WINDOW_BYTES + Math.round(roundTripMs * drawnBytesPerMs));
}

/** The window of one console's socket, measured by its acknowledgements. */
export class CreditWindow {
  readonly #line: RoundTrip;
  readonly #machineMs: () => number;
  #drawnBytesPerMs = USUAL_DRAWING_BYTES_PER_MS;

  /** @param machineMs the round trip of the machine's leg */
  constructor(now: () => number, machineMs: () => number) {
    this.#line = new RoundTrip(now);
    this.#machineMs = machineMs;
  }

  /** Output that may be on its way to it now. */
  get bytes(): number {
    return windowFor(this.#line.shortestMs + this.#machineMs(), this.#drawnBytesPerMs);
  }

  /** It was sent output up to `endBytes`, and has drawn it up to `drawnBytes`. */
  sent(endBytes: number, drawnBytes: number): void {
    this.#line.sent(endBytes, drawnBytes);
  }

  /** It acknowledges output up to `drawnBytes`. */
  drawn(drawnBytes: number): void {
    const lap = this.#line.heard(drawnBytes);
    if (lap === null) return;
    const bytesPerMs = lap.bytes / lap.tookMs;
    // That it draws no faster shows only where it had all that it may have before it.
    const hadEnough = lap.aheadBytes > this.bytes - SPARE_BYTES;
    if (hadEnough || bytesPerMs > this.#drawnBytesPerMs) this.#drawnBytesPerMs = bytesPerMs;
  }
}
