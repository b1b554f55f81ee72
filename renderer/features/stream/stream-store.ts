import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { StreamReceiver, StreamStanding } from '#protocol/stream.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';

export type StreamState =
  | { readonly kind: 'closed' | 'loading' }
  | { readonly kind: 'failed'; readonly error: CallError }
  | {
      readonly kind: 'open';
      /** As the relay said last; null: the record is sent nowhere. */
      readonly standing: StreamStanding | null;
      /** Why it could not be asked again since; null: it was. */
      readonly stale: CallError | null;
      readonly step: StreamStep;
    };

export type StreamStep =
  | { readonly kind: 'standing' }
  | { readonly kind: 'editing' | 'stopping'; readonly busy: boolean; readonly problem: string | null }
  /** Shown now and never again. */
  | { readonly kind: 'secret'; readonly secret: string; readonly copied: boolean };

/** What a stream begins with: what the last one did not come to (or what happens from now on), or everything. */
export type StreamStart = 'on' | 'first';

export interface StreamStore {
  readonly store: StoreApi<StreamState>;
  readonly open: () => Promise<void>;
  /** Asks again how far it is; what cannot be asked leaves what was told. */
  readonly refresh: () => Promise<void>;
  readonly edit: () => void;
  readonly askToStop: () => void;
  readonly back: () => void;
  readonly save: (receiver: StreamReceiver, start: StreamStart) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly copySecret: () => void;
  /** Not while the relay is asked for a change: its answer may be a secret that is shown once. */
  readonly close: () => void;
}

export function createStream(call: Call, copyText: (text: string) => Promise<unknown>): StreamStore {
  const store = createStore<StreamState>(() => ({ kind: 'closed' }));
  const set = (state: StreamState) => store.setState(state, true);
  const setStep = (step: StreamStep) => {
    const state = store.getState();
    if (state.kind === 'open') set({ ...state, step });
  };

  async function load(step: StreamStep): Promise<void> {
    const answer = await call('stream.get', {});
    const state = store.getState();
    if (state.kind === 'closed') return;
    if (answer.ok) return set({ kind: 'open', standing: answer.result.stream, stale: null, step });
    // What was told and asked stays when the answer does not come.
    if (state.kind === 'open') return set({ ...state, stale: answer.error, step });
    set({ kind: 'failed', error: answer.error });
  }

  async function refresh(): Promise<void> {
    const asked = store.getState();
    if (asked.kind !== 'open') return;
    const answer = await call('stream.get', {});
    const state = store.getState();
    if (state.kind !== 'open') return;
    // Whoever types changes what they saw: another's change in between is theirs to learn of.
    if (state.step.kind === 'editing' || state.step.kind === 'stopping') return;
    if (answer.ok) set({ ...state, standing: answer.result.stream, stale: null });
    else set({ ...state, stale: answer.error });
  }

  async function change(
    kind: 'editing' | 'stopping',
    receiver: StreamReceiver | null,
    afterSeq: number | null,
  ): Promise<void> {
    const state = store.getState();
    if (state.kind !== 'open' || state.step.kind !== kind || state.step.busy) return;
    setStep({ kind, busy: true, problem: null });
    const expected = state.standing?.revision ?? null;
    const answer = await call('stream.set', { expected, receiver, afterSeq });
    if (answer.ok) {
      const { secret } = answer.result;
      if (secret === null) return load({ kind: 'standing' });
      // Shown before anything else is asked, whatever the dialog has come to meanwhile.
      const now = store.getState();
      set({ ...(now.kind === 'open' ? now : state), step: { kind: 'secret', secret, copied: false } });
      return refresh();
    }
    const { code, text } = answer.error;
    if (code === 'conflict') {
      const problem =
        'Somebody changed this in the meantime. What stands here is yours: saving it replaces theirs.';
      return load({ kind, busy: false, problem });
    }
    // The person did not confirm: they know, and what was typed stands.
    setStep({ kind, busy: false, problem: code === 'step_up_required' ? null : text });
  }

  return {
    store,
    open: async () => {
      const { kind } = store.getState();
      if (kind !== 'closed' && kind !== 'failed') return;
      set({ kind: 'loading' });
      await load({ kind: 'standing' });
    },
    refresh,
    edit: () => setStep({ kind: 'editing', busy: false, problem: null }),
    askToStop: () => setStep({ kind: 'stopping', busy: false, problem: null }),
    back: () => {
      if (!isChanging(store.getState())) setStep({ kind: 'standing' });
    },
    save: (receiver, start) => change('editing', receiver, start === 'first' ? 0 : null),
    stop: () => change('stopping', null, null),
    copySecret: () => {
      const state = store.getState();
      if (state.kind !== 'open' || state.step.kind !== 'secret') return;
      const { step } = state;
      void copyText(step.secret).then(
        () => setStep({ ...step, copied: true }),
        () => undefined,
      );
    },
    close: () => {
      if (!isChanging(store.getState())) set({ kind: 'closed' });
    },
  };
}

/** The relay has been asked for a change and has not answered. */
export function isChanging(state: StreamState): boolean {
  return state.kind === 'open' && 'busy' in state.step && state.step.busy;
}
