/** From sending up to an offset until the other side is heard to have that much. */
export interface Lap {
  readonly tookMs: number;
  /** What it was heard to have taken meanwhile. */
  readonly bytes: number;
  /** What lay before it when the lap began. */
  readonly aheadBytes: number;
}

/** The round trip to one end of a session, by offsets that are confirmed anyway. One lap is timed after the other. */
export class RoundTrip {
  readonly #now: () => number;
  #lap: { readonly endBytes: number; readonly heardBytes: number; readonly at: number } | null = null;
  #shortestMs: number | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** With nothing in its way; 0 before anything was heard. */
  get shortestMs(): number {
    return this.#shortestMs ?? 0;
  }

  /**
   * A lap begins, unless one is under way.
   * @param endBytes it was sent up to this offset
   * @param heardBytes and is known to have taken what lies below this one
   */
  sent(endBytes: number, heardBytes = endBytes): void {
    this.#lap ??= { endBytes, heardBytes, at: this.#now() };
  }

  /** It has taken what lies below `bytes`. @returns the lap that ends with it; null: none does */
  heard(bytes: number): Lap | null {
    const lap = this.#lap;
    if (lap === null || bytes < lap.endBytes) return null;
    this.#lap = null;
    const tookMs = Math.max(1, this.#now() - lap.at);
    this.#shortestMs = Math.min(this.#shortestMs ?? tookMs, tookMs);
    return { tookMs, bytes: bytes - lap.heardBytes, aheadBytes: lap.endBytes - lap.heardBytes };
  }
}
