import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { FactorStep, Identity } from './identity.ts';

export type SignInState =
  | { readonly kind: 'preparing' }
  | {
      readonly kind: 'unreachable';
      readonly text: string;
      readonly attempt: number;
      readonly retryAtMs: number;
    }
  | { readonly kind: 'password'; readonly busy: boolean; readonly problem: Problem | null }
  | { readonly kind: 'code'; readonly busy: boolean; readonly problem: Problem | null }
  | { readonly kind: 'unsupported'; readonly factor: string }
  | { readonly kind: 'done' };

export interface Problem {
  readonly field: 'email' | 'password' | 'code' | 'other';
  readonly text: string;
}

export interface SignInStore {
  readonly store: StoreApi<SignInState>;
  readonly submitPassword: (email: string, password: string) => Promise<void>;
  readonly submitCode: (code: string) => Promise<void>;
  /** Back to e-mail and password. */
  readonly restart: () => Promise<void>;
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

export function createSignIn({ identity, now, after, retryDelayMs, onSignedIn }: SignInOptions): SignInStore {
  const store = createStore<SignInState>(() => ({ kind: 'preparing' }));
  const set = (state: SignInState) => store.setState(state, true);
  let stopRetry: () => void = () => undefined;
  let disposed = false;

  async function prepare(attempt: number): Promise<void> {
    if (attempt === 0) set({ kind: 'preparing' });
    const prepared = await identity.prepare();
    if (disposed) return;
    if (prepared.ok) return set({ kind: 'password', busy: false, problem: null });
    const delayMs = retryDelayMs(attempt + 1);
    set({ kind: 'unreachable', text: prepared.text, attempt: attempt + 1, retryAtMs: now() + delayMs });
    stopRetry = after(delayMs, () => void prepare(attempt + 1));
  }

  function show(step: FactorStep, asking: 'password' | 'code'): void {
    if (disposed) return;
    switch (step.kind) {
      case 'complete':
        set({ kind: 'done' });
        return onSignedIn();
      case 'password':
        return set({ kind: 'password', busy: false, problem: null });
      case 'totp':
        return set({ kind: 'code', busy: false, problem: null });
      case 'unsupported':
        return set({ kind: 'unsupported', factor: step.factor });
      case 'wrong':
        return set({ kind: asking, busy: false, problem: { field: step.field, text: step.text } });
      case 'unreachable':
        return set({ kind: asking, busy: false, problem: { field: 'other', text: step.text } });
    }
  }

  void prepare(0);

  return {
    store,
    submitPassword: async (email, password) => {
      set({ kind: 'password', busy: true, problem: null });
      show(await identity.signIn(email, password), 'password');
    },
    submitCode: async (code) => {
      set({ kind: 'code', busy: true, problem: null });
      show(await identity.signInCode(code), 'code');
    },
    restart: async () => {
      stopRetry();
      await prepare(0);
    },
    dispose: () => {
      disposed = true;
      stopRetry();
    },
  };
}
