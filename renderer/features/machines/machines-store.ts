import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { VerbResult } from '#protocol/control/verbs.ts';
import type { MachineId } from '#protocol/ids.ts';
import type { MachineCard } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Announcement, Call, CallOutcome } from '../../connection/relay-client.ts';

export type Probe =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly roundTripMs: number; readonly atMs: number }
  | { readonly state: 'silent'; readonly atMs: number }
  | { readonly state: 'failed'; readonly error: CallError };

export type CardState =
  | { readonly kind: 'loading'; readonly machineId: MachineId }
  | { readonly kind: 'shown'; readonly card: MachineCard; readonly probe: Probe }
  /** A link named it; this client has no such machine. */
  | { readonly kind: 'absent'; readonly machineId: MachineId }
  | { readonly kind: 'failed'; readonly machineId: MachineId; readonly error: CallError };

export interface MachinesState {
  readonly query: string;
  /** Of the newest answer, which may be one key behind `query`. */
  readonly results: (VerbResult<'machine.search'> & { readonly query: string }) | null;
  readonly error: CallError | null;
  readonly chosen: number;
  readonly card: CardState | null;
}

export interface MachinesStore {
  readonly store: StoreApi<MachinesState>;
  readonly search: (query: string) => void;
  readonly choose: (index: number) => void;
  /** Enter: the query is meant. Opens the chosen machine's card where there is one. */
  readonly settle: () => Promise<void>;
  readonly open: (machineId: MachineId) => Promise<void>;
  readonly openLink: (link: { machineId: MachineId; alertId: string | null }) => Promise<void>;
  readonly probe: () => Promise<void>;
  readonly closeCard: () => void;
  readonly heard: (announcement: Announcement) => void;
  /** The connection is back: asks again what could not be asked, and the full list. */
  readonly refresh: () => void;
}

const RESULT_LIMIT = 100;

export function createMachines(call: Call): MachinesStore {
  const store = createStore<MachinesState>(() => ({
    query: '',
    results: null,
    error: null,
    chosen: 0,
    card: null,
  }));
  const { getState, setState } = store;
  // One search is under way at a time; while it is, only the newest query waits. So answers come in order.
  let asking: Promise<void> | null = null;
  let waiting: string | null = null;

  async function ask(query: string, settled: boolean): Promise<void> {
    const answer = await call('machine.search', { query, settled, limit: RESULT_LIMIT });
    if (!answer.ok) return setState({ error: answer.error });
    const { chosen } = getState();
    setState({
      results: { ...answer.result, query },
      error: null,
      chosen: Math.min(chosen, Math.max(0, answer.result.machines.length - 1)),
    });
  }

  async function request(query: string, settled: boolean): Promise<void> {
    // A settled query waits in line, where no later key replaces it: the relay is to hear of it.
    if (asking !== null && !settled) {
      waiting = query;
      return asking;
    }
    // What waits was typed before, and would be heard after.
    waiting = null;
    const mine = (asking ?? Promise.resolve()).then(() => ask(query, settled));
    asking = mine;
    await mine;
    if (asking !== mine) return undefined;
    asking = null;
    const next = waiting;
    waiting = null;
    return next === null ? undefined : request(next, false);
  }

  async function load(
    machineId: MachineId,
    asked: Promise<CallOutcome<'machine.get' | 'link.open'>>,
    fromLink: boolean,
  ): Promise<void> {
    setState({ card: { kind: 'loading', machineId } });
    const current = () => {
      const { card } = getState();
      return (card?.kind === 'shown' ? card.card.machineId : card?.machineId) === machineId;
    };
    const answer = await asked;
    if (!current()) return;
    if (answer.ok) {
      setState({ card: { kind: 'shown', card: answer.result, probe: { state: 'asking' } } });
      await probe();
    } else if (answer.error.code === 'not_found' && fromLink) {
      setState({ card: { kind: 'absent', machineId } });
    } else {
      setState({ card: { kind: 'failed', machineId, error: answer.error } });
    }
  }

  async function probe(): Promise<void> {
    const { card } = getState();
    if (card?.kind !== 'shown') return;
    const { machineId } = card.card;
    setState({ card: { ...card, probe: { state: 'asking' } } });
    const answer = await call('machine.probe', { machineId });
    const now = getState().card;
    if (now?.kind !== 'shown' || now.card.machineId !== machineId) return;
    setState({ card: { ...now, probe: probeState(answer) } });
  }

  return {
    store,
    probe,
    search: (query) => {
      setState({ query, chosen: 0, card: null });
      void request(query, false);
    },
    choose: (chosen) => setState({ chosen }),
    settle: async () => {
      const { query } = getState();
      await request(query, true);
      const { results, chosen, query: now } = getState();
      const machine = results?.query === now ? results.machines[chosen] : undefined;
      if (now === query && machine !== undefined) {
        await load(machine.machineId, call('machine.get', { machineId: machine.machineId }), false);
      }
    },
    open: (machineId) => load(machineId, call('machine.get', { machineId }), false),
    openLink: ({ machineId, alertId }) => load(machineId, call('link.open', { machineId, alertId }), true),
    closeCard: () => setState({ card: null }),
    refresh: () => {
      const { query, error, card } = getState();
      if (error !== null || query === '') void request(query, false);
      if (card?.kind === 'shown' && card.probe.state === 'failed') void probe();
    },
    heard: (announcement) => {
      const { results, card } = getState();
      if (results !== null) setState({ results: heardIn(results, announcement) });
      if (announcement.type === 'machine' && card?.kind === 'shown') {
        const { machine } = announcement;
        if (machine.machineId === card.card.machineId) {
          setState({ card: { ...card, card: { ...card.card, ...machine } } });
          if (machine.online !== card.card.online) void probe();
        }
      }
    },
  };
}

type Results = NonNullable<MachinesState['results']>;

/**
 * Known rows change in place. A new machine joins the full list only: whether it answers a query is the relay's to
 * say, and asking it unbidden would be recorded as a search of this person.
 */
function heardIn(results: Results, announcement: Announcement): Results {
  const { machines, total, query } = results;
  if (announcement.type === 'machine') {
    const { machine } = announcement;
    if (machines.some(({ machineId }) => machineId === machine.machineId)) {
      const changed = machines.map((row) => (row.machineId === machine.machineId ? machine : row));
      return { ...results, machines: changed };
    }
    return query === '' ? { ...results, machines: [...machines, machine], total: total + 1 } : results;
  }
  const left = machines.filter(({ machineId }) => machineId !== announcement.machineId);
  return { ...results, machines: left, total: total - (machines.length - left.length) };
}

function probeState(answer: CallOutcome<'machine.probe'>): Probe {
  if (!answer.ok) return { state: 'failed', error: answer.error };
  const { result } = answer;
  return result.reachable
    ? { state: 'answered', roundTripMs: result.roundTripMs, atMs: result.at }
    : { state: 'silent', atMs: result.at };
}

/** Nothing in this client answers the newest query. */
export function absentQuery({ results, query }: MachinesState): string | null {
  return results !== null && results.query === query && query.trim() !== '' && results.total === 0
    ? query.trim()
    : null;
}
