import type { SessionToken } from './session-token.ts';

/**
 * The newest usable token of one window. How long a token is good is counted from when it came, by this
 * computer's own clock: a wrong clock changes nothing.
 */
export class PinnedTokens {
  #newest: { readonly token: SessionToken; readonly receivedAtMs: number } | null = null;
  readonly #nowMs: () => number;

  /** @param nowMs monotonic milliseconds */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  add(token: SessionToken): void {
    const newest = this.#newest?.token;
    // The same token comes again inside later answers; it is as old as it was. Of two of one second, the later wins.
    if (newest?.jwt === token.jwt) return;
    if (newest !== undefined && newest.issuedAtSeconds > token.issuedAtSeconds) return;
    this.#newest = { token, receivedAtMs: this.#nowMs() };
  }

  /** The token for the next socket, or null when there is none that could still be good. */
  usable(): string | null {
    if (this.#newest === null) return null;
    const { token, receivedAtMs } = this.#newest;
    return this.#nowMs() - receivedAtMs < token.lifetimeSeconds * 1000 ? token.jwt : null;
  }

  forget(): void {
    this.#newest = null;
  }
}
