import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { ENROLLMENT_LIFETIME_MS } from '#protocol/control/enrollment.ts';
import type { MachineRow } from '#protocol/records.ts';
import type { Announcement, Call } from '../../connection/relay-client.ts';

export type EnrollmentState =
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'naming';
      readonly name: string;
      readonly busy: boolean;
      readonly problem: string | null;
    }
  | {
      readonly kind: 'waiting';
      readonly machineName: string;
      readonly command: string;
      /** By this computer's clock, so that a wrong one shows the right time left. */
      readonly endsAtMs: number;
      /** By the relay's: machines with this name that are older are others. */
      readonly createdAtMs: number;
      readonly copied: boolean;
    }
  | { readonly kind: 'enrolled'; readonly machine: MachineRow };

export interface EnrollmentStore {
  readonly store: StoreApi<EnrollmentState>;
  readonly begin: () => void;
  readonly create: (machineName: string) => Promise<void>;
  readonly copy: () => void;
  readonly heard: (announcement: Announcement) => void;
  readonly close: () => void;
}

interface EnrollmentPorts {
  readonly call: Call;
  /** http(s) or ws(s) URL of the relay. */
  readonly relayUrl: string;
  readonly now: () => number;
  readonly copyText: (text: string) => Promise<unknown>;
}

export function createEnrollment({ call, relayUrl, now, copyText }: EnrollmentPorts): EnrollmentStore {
  const store = createStore<EnrollmentState>(() => ({ kind: 'closed' }));
  const set = (state: EnrollmentState) => store.setState(state, true);

  async function isNew(machine: MachineRow, createdAtMs: number): Promise<boolean> {
    const answer = await call('machine.get', { machineId: machine.machineId });
    return answer.ok && answer.result.enrolledAt >= createdAtMs;
  }

  async function heardMachine(machine: MachineRow): Promise<void> {
    const waiting = store.getState();
    if (waiting.kind !== 'waiting' || waiting.machineName !== machine.name) return;
    const enrolled = await isNew(machine, waiting.createdAtMs);
    const current = store.getState();
    if (enrolled && current.kind === 'waiting' && current.command === waiting.command)
      set({ kind: 'enrolled', machine });
  }

  return {
    store,
    begin: () => {
      const { kind } = store.getState();
      if (kind === 'closed' || kind === 'enrolled')
        set({ kind: 'naming', name: '', busy: false, problem: null });
    },
    create: async (name) => {
      const machineName = name.trim();
      set({ kind: 'naming', name, busy: true, problem: null });
      const answer = await call('enrollment.create', { machineName });
      const current = store.getState();
      // Closed meanwhile: the code is shown to nobody and runs out.
      if (current.kind !== 'naming' || !current.busy) return;
      if (!answer.ok) return set({ kind: 'naming', name, busy: false, problem: answer.error.text });
      const { code, expiresAt } = answer.result;
      set({
        kind: 'waiting',
        machineName,
        command: enrollCommand(relayUrl, code),
        endsAtMs: now() + ENROLLMENT_LIFETIME_MS,
        createdAtMs: expiresAt - ENROLLMENT_LIFETIME_MS,
        copied: false,
      });
    },
    copy: () => {
      const { command } = waitingOf(store.getState()) ?? {};
      if (command === undefined) return;
      copyText(command).then(
        () => {
          const current = waitingOf(store.getState());
          if (current?.command === command) set({ ...current, copied: true });
        },
        () => undefined,
      );
    },
    heard: (announcement) => {
      if (announcement.type === 'machine') void heardMachine(announcement.machine);
    },
    close: () => set({ kind: 'closed' }),
  };
}

function waitingOf(state: EnrollmentState): Extract<EnrollmentState, { kind: 'waiting' }> | null {
  return state.kind === 'waiting' ? state : null;
}

/** What is run on the machine, as docs/deploy.md installs the agent. The code's alphabet needs no quoting. */
function enrollCommand(relayUrl: string, code: string): string {
  const { origin } = new URL(relayUrl.replace(/^ws/, 'http'));
  return `node agent.js --relay ${origin} --state /var/lib/caisey-agent --enroll ${code}`;
}
