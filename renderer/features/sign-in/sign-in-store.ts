import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type {
  CodeFactor,
  EmailCode,
  Factor,
  Identity,
  SignInAnswer,
  SignInStage,
  Wrong,
} from './identity.ts';

export type Problem = Pick<Wrong, 'field' | 'text'>;

interface Asking {
  readonly busy: boolean;
  readonly problem: Problem | null;
}

/** A factor is asked for: whose, at which stage, and what else would do. */
export interface AskingFactor extends Asking {
  readonly email: string;
  readonly stage: SignInStage;
  /** All that this stage takes, this one among them. */
  readonly factors: readonly Factor[];
}

export type SignInState =
  | { readonly kind: 'preparing' }
  | {
      readonly kind: 'unreachable';
      readonly text: string;
      readonly attempt: number;
      readonly retryAtMs: number;
    }
  | (Asking & { readonly kind: 'identifier' })
  | (AskingFactor & { readonly kind: 'password' })
  | (AskingFactor & {
      readonly kind: 'code';
      readonly factor: CodeFactor;
      /** From when another can be sent; null where none is sent at all. */
      readonly resendAtMs: number | null;
    })
  | (AskingFactor & {
      readonly kind: 'browser';
      readonly factor: Extract<Factor, { kind: 'browser' }>;
      /** The page stands open: the person finishes there. */
      readonly waiting: boolean;
    })
  | (AskingFactor & { readonly kind: 'choose' })
  | { readonly kind: 'unsupported'; readonly factor: string; readonly next: string }
  | { readonly kind: 'done' };

/** What the sign-in's screens can ask for. None fails: what went wrong is in the state. */
export interface SignInActions {
  readonly identify: (email: string) => void;
  readonly submitPassword: (password: string) => void;
  readonly submitCode: (code: string) => void;
  readonly sendAgain: () => void;
  readonly openBrowser: () => void;
  /** The other ways of this stage. */
  readonly showChoice: () => void;
  readonly choose: (factor: Factor) => void;
  /** Back to the e-mail address. */
  readonly restart: () => void;
}

export interface SignInStore {
  readonly store: StoreApi<SignInState>;
  readonly actions: SignInActions;
  readonly dispose: () => void;
}

interface SignInOptions {
  readonly identity: Identity;
  readonly now: () => number;
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly retryDelayMs: (attempt: number) => number;
  /** The session stands and is activated for the window's organization. */
  readonly onSignedIn: () => void;
}

/** As long as on Clerk's own pages. The service may ask for more. */
const RESEND_AFTER_MS = 30_000;

export function createSignIn(options: SignInOptions): SignInStore {
  const { identity, now, after, retryDelayMs, onSignedIn } = options;
  const store = createStore<SignInState>(() => ({ kind: 'preparing' }));
  const set = (state: SignInState) => store.setState(state, true);
  let stopRetry: () => void = () => undefined;
  /** An answer to a step that was left meanwhile changes nothing. */
  let turn = 0;
  let email = '';
  /** When a code was last sent in this sign-in, by address. */
  let sentAtMs = new Map<string, number>();

  async function prepare(attempt: number): Promise<void> {
    turn += 1;
    const own = turn;
    if (attempt === 0) set({ kind: 'preparing' });
    const prepared = await identity.prepare();
    if (own !== turn) return;
    if (prepared.ok) return set({ kind: 'identifier', busy: false, problem: null });
    const delayMs = retryDelayMs(attempt + 1);
    set({ kind: 'unreachable', text: prepared.text, attempt: attempt + 1, retryAtMs: now() + delayMs });
    stopRetry = after(delayMs, () => void prepare(attempt + 1));
  }

  /** Shows the present step as busy, takes it, and goes where the answer says. */
  async function step(asked: Promise<SignInAnswer>, onWrong?: (wrong: Wrong) => void): Promise<void> {
    turn += 1;
    const own = turn;
    const answer = await asked;
    if (own !== turn) return;
    switch (answer.kind) {
      case 'complete':
        set({ kind: 'done' });
        return onSignedIn();
      case 'ask':
        return ask(answer.stage, answer.factors);
      case 'unsupported':
        return set(answer);
      case 'rejected':
        return set({ kind: 'identifier', busy: false, problem: { field: 'other', text: answer.text } });
      case 'wrong':
        if (onWrong !== undefined) return onWrong(answer);
        return settle(answer);
      case 'unreachable':
        return settle({ field: 'other', text: answer.text });
      case 'sent':
      case 'superseded':
        return settle(null);
    }
  }

  function ask(stage: SignInStage, factors: readonly Factor[]): void {
    const [first] = factors;
    if (first !== undefined) show({ email, stage, factors, busy: false, problem: null }, first);
  }

  function show(asking: AskingFactor, factor: Factor): void {
    switch (factor.kind) {
      case 'password':
        return set({ ...asking, kind: 'password' });
      case 'browser':
        return set({ ...asking, kind: 'browser', factor, waiting: false });
      case 'totp':
      case 'backup_code':
        return set({ ...asking, kind: 'code', factor, resendAtMs: null });
      case 'email_code': {
        const sent = sentAtMs.get(factor.emailAddressId);
        const resendAtMs = (sent ?? now()) + RESEND_AFTER_MS;
        set({ ...asking, kind: 'code', factor, resendAtMs });
        if (sent === undefined) send(factor);
      }
    }
  }

  function send(factor: EmailCode): void {
    const { stage } = current('code') ?? { stage: 'first' };
    sentAtMs.set(factor.emailAddressId, now());
    // Not busy: whoever is faster than the answer may type.
    patchCode({ problem: null, resendAtMs: now() + RESEND_AFTER_MS });
    void step(identity.sendCode(factor, stage), (wrong) => {
      patchCode({
        busy: false,
        problem: { field: 'other', text: wrong.text },
        resendAtMs: now() + (wrong.waitSeconds ?? 0) * 1000,
      });
    });
  }

  function submitCode(code: string): void {
    const state = current('code');
    if (state === null) return;
    patchCode({ busy: true, problem: null });
    void step(identity.submitCode(state.factor, state.stage, code), (wrong) => {
      const again = wrong.spent && state.resendAtMs !== null ? { resendAtMs: now() } : {};
      patchCode({ busy: false, problem: wrong, ...again });
    });
  }

  function openBrowser(): void {
    const state = current('browser');
    if (state === null) return;
    set({ ...state, waiting: true, problem: null });
    void step(identity.signInWithBrowser(state.factor.connectionId));
  }

  function current<K extends SignInState['kind']>(kind: K): Extract<SignInState, { kind: K }> | null {
    const state = store.getState();
    return isKind(state, kind) ? state : null;
  }

  function patchCode(
    change: Partial<Pick<Extract<SignInState, { kind: 'code' }>, 'busy' | 'problem' | 'resendAtMs'>>,
  ): void {
    const state = current('code');
    if (state !== null) set({ ...state, ...change });
  }

  /** The step is over and the same is asked for again. */
  function settle(problem: Problem | null): void {
    const state = store.getState();
    switch (state.kind) {
      case 'identifier':
      case 'password':
      case 'code':
      case 'choose':
        return set({ ...state, busy: false, problem });
      case 'browser':
        return set({ ...state, busy: false, waiting: false, problem });
      case 'preparing':
      case 'unreachable':
      case 'unsupported':
      case 'done':
        return undefined;
    }
  }

  void prepare(0);

  return {
    store,
    actions: {
      identify: (address) => {
        email = address;
        sentAtMs = new Map();
        set({ kind: 'identifier', busy: true, problem: null });
        void step(identity.identify(address));
      },
      submitPassword: (password) => {
        const state = current('password');
        if (state === null) return;
        set({ ...state, busy: true, problem: null });
        void step(identity.submitPassword(password));
      },
      submitCode,
      sendAgain: () => {
        const state = current('code');
        if (state?.factor.kind !== 'email_code' || state.busy) return;
        if (state.resendAtMs === null || now() < state.resendAtMs) return;
        send(state.factor);
      },
      openBrowser,
      showChoice: () => {
        const state = store.getState();
        if (!('factors' in state) || state.factors.length < 2) return;
        turn += 1;
        const { stage, factors } = state;
        set({ kind: 'choose', email, stage, factors, busy: false, problem: null });
      },
      choose: (factor) => {
        const state = current('choose');
        if (state === null) return;
        show({ ...state, problem: null }, factor);
      },
      restart: () => {
        stopRetry();
        void prepare(0);
      },
    },
    dispose: () => {
      turn += 1;
      stopRetry();
    },
  };
}

function isKind<K extends SignInState['kind']>(
  state: SignInState,
  kind: K,
): state is Extract<SignInState, { kind: K }> {
  return state.kind === kind;
}
