import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { MachineId } from '#protocol/ids.ts';
import type { MachineRow } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Announcement, Call, CallOutcome } from '../../connection/relay-client.ts';
import { createMachineChanges } from './machine-changes.ts';
import type { MachineChanges } from './machine-changes.ts';
import { missingPages, pagesOf, patched, PAGE_ROWS, withPage } from './machine-directory.ts';
import type { RowRange } from './machine-directory.ts';
import { shownRows } from './machines-state.ts';
import type { MachinesState, Probe, Results } from './machines-state.ts';

export interface MachinesStore {
  readonly store: StoreApi<MachinesState>;
  readonly search: (query: string) => void;
  readonly choose: (index: number) => void;
  /** These rows of the list are on the screen. */
  readonly look: (range: RowRange) => void;
  /** Enter: the query is meant. Opens the chosen machine's card where there is one. */
  readonly settle: () => Promise<void>;
  readonly open: (machineId: MachineId) => Promise<void>;
  readonly openLink: (link: { machineId: MachineId; alertId: string | null }) => Promise<void>;
  readonly probe: () => Promise<void>;
  readonly readRunning: () => Promise<void>;
  /** The alert about the key of the machine on the card is settled. Answers what kept it from being so. */
  readonly release: () => Promise<CallError | null>;
  readonly closeCard: () => void;
  readonly heard: (patch: Announcement) => void;
  readonly changes: MachineChanges;
  /** The connection is back: asks again what could not be asked, and the full list. */
  readonly refresh: () => void;
}

const RESULT_LIMIT = 100;

export function createMachines(call: Call): MachinesStore {
  const store = createStore<MachinesState>(() => ({
    query: '',
    results: null,
    directory: null,
    error: null,
    chosen: 0,
    card: null,
  }));
  const { getState, setState } = store;
  // One search is under way at a time; while it is, only the newest query waits. So answers come in order.
  let asking: Promise<void> | null = null;
  let waiting: string | null = null;
  let looked: RowRange = { from: 0, to: 1 };
  const loading = new Set<number>();

  async function ask(query: string, settled: boolean): Promise<void> {
    const answer = await call('machine.search', { query, settled, limit: RESULT_LIMIT });
    if (!answer.ok) return setState({ error: answer.error });
    const { chosen } = getState();
    const { machines, total, close } = answer.result;
    // A machine that is only close in spelling is never chosen by itself.
    const onlyClose = total === 0 && close.length > 0;
    setState({
      results: { ...answer.result, query },
      error: null,
      chosen: onlyClose ? -1 : query === '' ? chosen : Math.min(chosen, Math.max(0, machines.length - 1)),
    });
    if (query === '') look(looked);
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

  function look(range: RowRange): void {
    looked = range;
    const { directory } = getState();
    const pages = directory === null ? pagesOf(range) : missingPages(directory, range);
    for (const page of pages) void loadPage(page);
  }

  async function loadPage(page: number): Promise<void> {
    if (loading.has(page)) return;
    loading.add(page);
    const answer = await call('machine.list', { offset: page * PAGE_ROWS, limit: PAGE_ROWS });
    loading.delete(page);
    if (!answer.ok) return setState({ error: answer.error });
    const before = getState();
    const chosenId = chosenRow(before)?.machineId;
    const directory = withPage(before.directory, page, answer.result);
    setState({ directory, error: null });
    // A list that moved keeps the chosen machine, not the chosen place.
    if (getState().results?.query === '' && chosenId !== undefined) {
      const at = answer.result.machines.findIndex(({ machineId }) => machineId === chosenId);
      if (at >= 0) setState({ chosen: page * PAGE_ROWS + at });
    }
    if (missingPages(directory, looked).length > 0) look(looked);
  }

  /** What is held may be wrong: the rows on the screen are asked for again, and stay until they come. */
  function reload(): void {
    loading.clear();
    const { directory } = getState();
    for (const page of pagesOf({ from: looked.from, to: Math.min(looked.to, directory?.total ?? 1) })) {
      void loadPage(page);
    }
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
      setState({ card: { kind: 'shown', card: answer.result, probe: { state: 'asking' }, running: [] } });
      await Promise.all([probe(), readRunning()]);
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

  /** Who has sessions on the machine of the card, now. */
  async function readRunning(): Promise<void> {
    const { card } = getState();
    if (card?.kind !== 'shown') return;
    const { machineId } = card.card;
    const answer = await call('session.list', { machineId });
    const now = getState().card;
    if (!answer.ok || now?.kind !== 'shown' || now.card.machineId !== machineId) return;
    setState({ card: { ...now, running: answer.result.sessions } });
  }

  function heardOfCard({ changed, removed }: Announcement): void {
    const { card } = getState();
    if (card?.kind !== 'shown') return;
    const { machineId, name } = card.card;
    if (removed.includes(machineId)) return setState({ card: { kind: 'removed', machineId, name } });
    const machine = changed?.find((row) => row.machineId === machineId);
    if (machine === undefined) return undefined;
    setState({ card: { ...card, card: { ...card.card, ...machine } } });
    void readKeyAlert(machineId);
    return machine.online === card.card.online ? undefined : void probe();
  }

  /** What a patch does not tell. */
  async function readKeyAlert(machineId: MachineId): Promise<void> {
    const answer = await call('machine.get', { machineId });
    const { card } = getState();
    if (!answer.ok || card?.kind !== 'shown' || card.card.machineId !== machineId) return;
    setState({ card: { ...card, card: { ...card.card, keyAlert: answer.result.keyAlert } } });
  }

  async function release(): Promise<CallError | null> {
    const { card } = getState();
    if (card?.kind !== 'shown') return null;
    const { machineId } = card.card;
    const answer = await call('machine.release', { machineId });
    if (!answer.ok) return answer.error;
    await readKeyAlert(machineId);
    return null;
  }

  return {
    store,
    changes: createMachineChanges(call),
    probe,
    readRunning,
    release,
    look,
    search: (query) => {
      // Asked before anything is drawn: the relay looks while this page draws the key.
      void request(query, false);
      setState({ query, chosen: 0, card: null });
    },
    choose: (chosen) => setState({ chosen }),
    settle: async () => {
      const { query } = getState();
      await request(query, true);
      const state = getState();
      const machine = state.results?.query === state.query ? chosenRow(state) : undefined;
      if (state.query === query && machine !== undefined) {
        await load(machine.machineId, call('machine.get', { machineId: machine.machineId }), false);
      }
    },
    open: (machineId) => load(machineId, call('machine.get', { machineId }), false),
    openLink: ({ machineId, alertId }) => load(machineId, call('link.open', { machineId, alertId }), true),
    closeCard: () => setState({ card: null }),
    refresh: () => {
      const { query, error, card } = getState();
      if (error !== null || query === '') void request(query, false);
      reload();
      if (card?.kind === 'shown' && card.probe.state === 'failed') void probe();
    },
    heard: (patch) => {
      const { results, directory } = getState();
      if (results !== null) setState({ results: heardIn(results, patch) });
      if (directory !== null) {
        const next = patched(directory, patch);
        if (next === null) reload();
        else setState({ directory: next });
      }
      heardOfCard(patch);
    },
  };
}

function chosenRow(state: MachinesState): MachineRow | undefined {
  return shownRows(state).at(state.chosen);
}

/**
 * Known rows change in place. Whether a new machine answers a query is the relay's to say, and asking it unbidden
 * would be recorded as a search of this person.
 */
function heardIn(results: Results, { changed, removed }: Announcement): Results {
  const rows = new Map(changed?.map((row) => [row.machineId, row]));
  const gone = new Set(removed);
  const now = (hits: Results['machines']) =>
    hits
      .filter(({ machineId }) => !gone.has(machineId))
      .map((hit) => {
        const row = rows.get(hit.machineId);
        return row === undefined ? hit : Object.assign({}, hit, row);
      });
  const machines = now(results.machines);
  const total = results.total - (results.machines.length - machines.length);
  return { ...results, machines, close: now(results.close), total };
}

function probeState(answer: CallOutcome<'machine.probe'>): Probe {
  if (!answer.ok) return { state: 'failed', error: answer.error };
  const { result } = answer;
  return result.reachable
    ? { state: 'answered', roundTripMs: result.roundTripMs, atMs: result.at }
    : { state: 'silent', atMs: result.at };
}
