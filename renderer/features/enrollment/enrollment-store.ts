import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import { ENROLLMENT_LIFETIME_MS } from '#protocol/control/enrollment.ts';
import type { NewEnrollment } from '#protocol/control/enrollment.ts';
import type { EnrollmentId } from '#protocol/ids.ts';
import type { MachineRow } from '#protocol/records.ts';
import type { Announcement, Call } from '../../connection/relay-client.ts';

export type EnrollmentState =
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'naming';
      readonly name: string;
      readonly busy: boolean;
      readonly problem: string | null;
      readonly codes: OpenCodes;
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

/** What can still enroll a machine here, newest first, as the relay told it last. */
export interface OpenCodes {
  /** Null: not told yet. */
  readonly rows: readonly OpenCode[] | null;
  /** How many there are beyond `rows`. */
  readonly more: number;
  readonly chosen: EnrollmentId | null;
  readonly problem: string | null;
}

export interface OpenCode {
  readonly enrollmentId: EnrollmentId;
  readonly machineName: string;
  readonly createdBy: string;
  /** By this computer's clock, like the waiting code's. */
  readonly endsAtMs: number;
}

export interface EnrollmentStore {
  readonly store: StoreApi<EnrollmentState>;
  readonly begin: () => void;
  readonly create: (machineName: string) => Promise<void>;
  /** Choose an open code; null: none, the name is being typed. */
  readonly choose: (enrollmentId: EnrollmentId | null) => void;
  /** Shows the new code. */
  readonly rotate: (code: OpenCode) => Promise<void>;
  readonly revoke: (code: OpenCode) => Promise<void>;
  readonly copy: () => void;
  readonly heard: (patch: Pick<Announcement, 'changed'>) => void;
  readonly close: () => void;
}

const NO_CODES: OpenCodes = { rows: null, more: 0, chosen: null, problem: null };

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

  /** Change the codes that are shown while a machine is being named; nothing in any other state. */
  function setCodes(change: (codes: OpenCodes) => Partial<OpenCodes>): void {
    const current = store.getState();
    if (current.kind === 'naming') set({ ...current, codes: { ...current.codes, ...change(current.codes) } });
  }

  async function readCodes(): Promise<void> {
    const answer = await call('enrollment.list', {});
    if (!answer.ok) return setCodes(() => ({ problem: answer.error.text }));
    const { open, total, at } = answer.result;
    const rows = open.map(({ enrollmentId, machineName, createdBy, expiresAt }) => ({
      enrollmentId,
      machineName,
      createdBy: createdBy.name,
      endsAtMs: now() + (expiresAt - at),
    }));
    setCodes(({ chosen }) => ({
      rows,
      more: total - rows.length,
      chosen: rows.some(({ enrollmentId }) => enrollmentId === chosen) ? chosen : null,
    }));
  }

  function show(machineName: string, { code, expiresAt }: NewEnrollment): void {
    set({
      kind: 'waiting',
      machineName,
      command: enrollCommand(relayUrl, code),
      endsAtMs: now() + ENROLLMENT_LIFETIME_MS,
      createdAtMs: expiresAt - ENROLLMENT_LIFETIME_MS,
      copied: false,
    });
  }

  return {
    store,
    begin: () => {
      const { kind } = store.getState();
      if (kind !== 'closed' && kind !== 'enrolled') return;
      set({ kind: 'naming', name: '', busy: false, problem: null, codes: NO_CODES });
      void readCodes();
    },
    create: async (name) => {
      const before = store.getState();
      const codes = before.kind === 'naming' ? before.codes : NO_CODES;
      const machineName = name.trim();
      set({ kind: 'naming', name, busy: true, problem: null, codes });
      const answer = await call('enrollment.create', { machineName });
      const current = store.getState();
      // Closed meanwhile: the code is shown to nobody and runs out.
      if (current.kind !== 'naming' || !current.busy) return;
      if (!answer.ok) return set({ ...current, busy: false, problem: answer.error.text });
      show(machineName, answer.result);
    },
    choose: (chosen) => setCodes(() => ({ chosen })),
    rotate: async ({ enrollmentId, machineName }) => {
      const before = store.getState();
      if (before.kind !== 'naming' || before.busy) return;
      set({ ...before, busy: true, problem: null });
      const answer = await call('enrollment.rotate', { enrollmentId });
      const current = store.getState();
      if (current.kind !== 'naming' || !current.busy) return;
      if (answer.ok) return show(machineName, answer.result);
      set({ ...current, busy: false });
      setCodes(() => ({ problem: answer.error.text }));
      await readCodes();
    },
    revoke: async ({ enrollmentId }) => {
      const answer = await call('enrollment.revoke', { enrollmentId });
      setCodes(() => ({ problem: answer.ok ? null : answer.error.text }));
      await readCodes();
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
    heard: ({ changed }) => {
      for (const machine of changed ?? []) void heardMachine(machine);
      const current = store.getState();
      const rows = current.kind === 'naming' ? current.codes.rows : null;
      const used = changed?.some(({ name }) => rows?.some(({ machineName }) => machineName === name));
      if (used === true) void readCodes();
    },
    close: () => set({ kind: 'closed' }),
  };
}

function waitingOf(state: EnrollmentState): Extract<EnrollmentState, { kind: 'waiting' }> | null {
  return state.kind === 'waiting' ? state : null;
}

/**
 * What is run on the machine, as docs/deploy.md installs the agent. The code is no option: those are seen by everybody
 * on the machine. Its alphabet needs no quoting.
 */
function enrollCommand(relayUrl: string, code: string): string {
  const { origin } = new URL(relayUrl.replace(/^ws/, 'http'));
  return `CAISEY_ENROLL_CODE=${code} node agent.js --relay ${origin} --state /var/lib/caisey-agent`;
}
