// Sensitive verbs take a fresh confirmation. The relay says when; this asks the person, sends the proof, and
// asks the verb again, so that no feature has to know of it.
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { VerbName } from '#protocol/control/verbs.ts';
import type { Call } from '../../connection/relay-client.ts';
import type { ReverifyPorts } from '../../features/lock/index.ts';
import { createVerification } from './verification.ts';

export interface StepUp {
  /** What waits for the person's confirmation; null: nothing. */
  readonly store: StoreApi<{ readonly verb: VerbName | null }>;
  readonly call: Call;
  readonly ports: ReverifyPorts;
  /** Nothing of what waits is done. */
  readonly cancel: () => void;
}

export function createStepUp(
  relayCall: Call,
  identity: Parameters<typeof createVerification>[0]['identity'],
): StepUp {
  const store = createStore<{ verb: VerbName | null }>(() => ({ verb: null }));
  let waiting: ((confirmed: boolean) => void)[] = [];

  function settle(confirmed: boolean): void {
    const settled = waiting;
    waiting = [];
    store.setState({ verb: null });
    for (const resolve of settled) resolve(confirmed);
  }

  /** One confirmation serves all that wait for it. */
  function confirmed(verb: VerbName): Promise<boolean> {
    return new Promise((resolve) => {
      waiting.push(resolve);
      if (store.getState().verb === null) store.setState({ verb });
    });
  }

  return {
    store,
    call: async (verb, params) => {
      const answer = await relayCall(verb, params);
      if (answer.ok || answer.error.code !== 'step_up_required') return answer;
      return (await confirmed(verb)) ? relayCall(verb, params) : answer;
    },
    ports: createVerification({
      identity,
      call: relayCall,
      purpose: 'step_up',
      onDone: () => settle(true),
    }),
    cancel: () => settle(false),
  };
}
