// What sign-in, lock and the relay connection need of an identity service. clerk-identity.ts is the real one.

/** A step of a reverification. */
export type FactorStep =
  | { readonly kind: 'complete' }
  | { readonly kind: 'password' }
  /** A code from an authenticator app is asked for. */
  | { readonly kind: 'totp' }
  /** A code is on its way by e-mail. */
  | { readonly kind: 'email_code' }
  /** Something this console cannot do, by its name. */
  | { readonly kind: 'unsupported'; readonly factor: string }
  /** The person can put it right: `text` says how. */
  | Pick<Wrong, 'kind' | 'field' | 'text'>
  | Unreachable;

export interface Wrong {
  readonly kind: 'wrong';
  readonly field: 'email' | 'password' | 'code' | 'other';
  readonly text: string;
  /** What was sent to be typed is worth nothing any more: another has to be sent. */
  readonly spent: boolean;
  /** Nothing typed counts before this many seconds have passed. */
  readonly waitSeconds: number | null;
}
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly text: string;
}

/** One way to prove who one is. */
export type Factor =
  | { readonly kind: 'password' }
  | EmailCode
  /** The sign-in page of the person's company, in the system's browser. */
  | { readonly kind: 'browser'; readonly connectionId: string | null }
  | { readonly kind: 'totp' }
  | { readonly kind: 'backup_code' };
export interface EmailCode {
  readonly kind: 'email_code';
  readonly emailAddressId: string;
  /** The address as the service shows it, partly hidden. */
  readonly sentTo: string;
}
export type CodeFactor = Exclude<Factor, { kind: 'password' | 'browser' }>;

/** `device`: the account is new on this computer, which is no second factor. */
export type SignInStage = 'first' | 'second' | 'device';

export type SignInAnswer =
  | { readonly kind: 'complete' }
  /** One of these goes on with the sign-in, the most usual first. Never empty. */
  | { readonly kind: 'ask'; readonly stage: SignInStage; readonly factors: readonly Factor[] }
  /** The code is on its way. */
  | { readonly kind: 'sent' }
  /** Nothing that this console can do: what the account asks for, and what to do about it. */
  | { readonly kind: 'unsupported'; readonly factor: string; readonly next: string }
  /** Signed in, and not let in here: it is ended again, and begins anew. */
  | { readonly kind: 'rejected'; readonly text: string }
  /** Another sign-in of this window has taken its place. */
  | { readonly kind: 'superseded' }
  | Wrong
  | Unreachable;

export type Token =
  | { readonly ok: true; readonly token: string }
  /** Not `offline`: the sign-in is gone. */
  | { readonly ok: false; readonly offline: boolean };

export interface Identity {
  /** Load, and end a live sign-in if one is found: entering takes a fresh one. */
  readonly prepare: () => Promise<{ ok: true } | { ok: false; text: string }>;
  /** Begins a sign-in: who it is. */
  readonly identify: (email: string) => Promise<SignInAnswer>;
  readonly submitPassword: (password: string) => Promise<SignInAnswer>;
  readonly sendCode: (factor: EmailCode, stage: SignInStage) => Promise<SignInAnswer>;
  readonly submitCode: (factor: CodeFactor, stage: SignInStage, code: string) => Promise<SignInAnswer>;
  /** Opens the company's page in the browser; answered when the person is back from it. */
  readonly signInWithBrowser: (connectionId: string | null) => Promise<SignInAnswer>;
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
