// What sign-in, lock and the relay connection need of an identity service. clerk-identity.ts is the real one.

export type FactorStep =
  | { readonly kind: 'complete' }
  | { readonly kind: 'password' }
  /** A code from an authenticator app is asked for. */
  | { readonly kind: 'totp' }
  /** Something this console cannot do yet, by its name. */
  | { readonly kind: 'unsupported'; readonly factor: string }
  /** The person can put it right: `text` is the identity service's own. */
  | { readonly kind: 'wrong'; readonly field: 'email' | 'password' | 'code' | 'other'; readonly text: string }
  | { readonly kind: 'unreachable'; readonly text: string };

export type Token =
  | { readonly ok: true; readonly token: string }
  /** Not `offline`: the sign-in is gone. */
  | { readonly ok: false; readonly offline: boolean };

export interface Identity {
  /** Load, and end a live sign-in if one is found: entering takes a fresh one. */
  readonly prepare: () => Promise<{ ok: true } | { ok: false; text: string }>;
  readonly signIn: (email: string, password: string) => Promise<FactorStep>;
  readonly signInCode: (code: string) => Promise<FactorStep>;
  /** A new token of the window's organization, never a kept one. */
  readonly getToken: () => Promise<Token>;
  /**
   * Sees to it that main has a token that lasts a while: asks for a new one only when the newest is near its end.
   * For a further socket of a standing entry, where a round trip to the identity service would be felt.
   */
  readonly ensureToken: () => Promise<{ ok: true } | { ok: false; offline: boolean }>;
  readonly startReverification: () => Promise<FactorStep>;
  readonly reverifyPassword: (password: string) => Promise<FactorStep>;
  readonly reverifyCode: (code: string) => Promise<FactorStep>;
  /** Ends the sign-in here; main ends it for good. Never fails. */
  readonly end: () => Promise<void>;
}
