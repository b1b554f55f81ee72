import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { MachineId } from '#protocol/ids.ts';
import type { Call } from '../../connection/relay-client.ts';

export interface ChangedMachine {
  readonly machineId: MachineId;
  readonly name: string;
}

export type MachineChange =
  | {
      readonly kind: 'rename';
      readonly machine: ChangedMachine;
      readonly busy: boolean;
      readonly problem: string | null;
      /** The name was asked for and could be taken for these: giving it takes a second, deliberate step. */
      readonly doubt: { readonly name: string; readonly confusableWith: readonly string[] } | null;
    }
  | {
      readonly kind: 'remove';
      readonly machine: ChangedMachine;
      readonly busy: boolean;
      readonly problem: string | null;
    };

export interface MachineChanges {
  readonly store: StoreApi<{ readonly change: MachineChange | null }>;
  readonly beginRename: (machine: ChangedMachine) => void;
  readonly beginRemove: (machine: ChangedMachine) => void;
  /** Asks for the name; asking again for one that is in doubt confirms it. */
  readonly rename: (name: string) => Promise<void>;
  readonly remove: (typedName: string) => Promise<void>;
  /** Another name is being typed. */
  readonly forgetDoubt: () => void;
  readonly cancel: () => void;
}

/** An administrator's changes to one machine. The relay decides; its patch then tells every list and card. */
export function createMachineChanges(call: Call): MachineChanges {
  const store = createStore<{ readonly change: MachineChange | null }>(() => ({ change: null }));
  const set = (change: MachineChange | null) => store.setState({ change });
  const begin = (change: MachineChange) => {
    if (store.getState().change === null) set(change);
  };
  const fresh = { busy: false, problem: null } as const;

  return {
    store,
    beginRename: (machine) => begin({ kind: 'rename', machine, ...fresh, doubt: null }),
    beginRemove: (machine) => begin({ kind: 'remove', machine, ...fresh }),
    rename: async (name) => {
      const { change } = store.getState();
      if (change?.kind !== 'rename' || change.busy) return;
      const asked: MachineChange = { ...change, busy: true, problem: null };
      set(asked);
      const { machineId, name: expected } = change.machine;
      const confirmed = change.doubt?.name === name;
      const answer = await call('machine.rename', { machineId, expected, name, confirmed });
      if (store.getState().change !== asked) return;
      if (!answer.ok) return set({ ...change, ...fresh, problem: answer.error.text });
      if (answer.result.renamed) return set(null);
      const { confusableWith } = answer.result;
      set({ ...change, ...fresh, doubt: { name, confusableWith } });
    },
    remove: async (typedName) => {
      const { change } = store.getState();
      if (change?.kind !== 'remove' || change.busy) return;
      const asked: MachineChange = { ...change, busy: true, problem: null };
      set(asked);
      const answer = await call('machine.remove', { machineId: change.machine.machineId, name: typedName });
      if (store.getState().change !== asked) return;
      set(answer.ok ? null : { ...change, ...fresh, problem: answer.error.text });
    },
    forgetDoubt: () => {
      const { change } = store.getState();
      if (change?.kind === 'rename' && change.doubt !== null) set({ ...change, doubt: null });
    },
    cancel: () => set(null),
  };
}
