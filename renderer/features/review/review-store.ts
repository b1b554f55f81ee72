import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { EvidenceEdition } from '#protocol/evidence/evidence-file.ts';
import type { VerbResult } from '#protocol/control/verbs.ts';
import type { CommandId } from '#protocol/ids.ts';
import type { ReviewNote } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import type { LateTerminal } from '../../terminal/late-terminal.ts';
import type { CastVersion } from './cast-writer.ts';
import { createCommandSearch } from './command-search.ts';
import type { CommandSearch } from './command-search.ts';
import type { ExportAs } from './export-bar.tsx';
import type { EvidenceFile } from './export-evidence.ts';
import type { Night } from './report/night-report.ts';
import { createRecordings } from './recordings.ts';
import type { Recordings } from './recordings.ts';
import { createReviewFiles } from './review-files.ts';
import { filtered, summaryOf } from './review-filter.ts';
import type { Filter, NightSummary } from './review-filter.ts';
import { reviewItems } from './review-item.ts';
import type { ReviewItem } from './review-item.ts';
import { wholeSessions } from './whole-sessions.ts';

export interface ReviewState {
  readonly hours: number;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly found:
    | { readonly kind: 'closed' | 'loading' }
    | { readonly kind: 'failed'; readonly error: CallError }
    | {
        readonly kind: 'open';
        readonly items: readonly ReviewItem[];
        readonly summary: NightSummary;
        readonly openedAtMs: number;
      };
  readonly notes: readonly ReviewNote[];
  readonly filter: Filter;
  readonly text: string;
  /** Among the cards that are shown. */
  readonly chosen: number;
  /** Within the chosen card, where playback begins; null: at the start. */
  readonly command: CommandId | null;
  readonly unfolded: ReadonlySet<string>;
  readonly reviewed: ReadonlySet<string>;
  readonly flagged: ReadonlySet<string>;
  readonly noting: boolean;
  readonly completing: boolean;
  readonly completed: VerbResult<'review.complete'> | null;
  /** Why the last key did nothing, or what it does. */
  readonly hint: string | null;
}

export interface ReviewStore {
  readonly store: StoreApi<ReviewState>;
  readonly recordings: Recordings;
  readonly search: CommandSearch;
  /** Opens the range anew: the relay's clock starts, all marks are gone. */
  readonly open: (hours?: number) => Promise<void>;
  readonly show: (change: { readonly filter?: Filter; readonly text?: string }) => void;
  readonly choose: (index: number) => void;
  /** As a pointer does: chooses the card, and opens or folds it. */
  readonly chooseId: (id: string) => void;
  readonly stepCommand: (by: 1 | -1) => void;
  readonly toggle: (id: string) => void;
  readonly mark: () => void;
  /** Every card that is no exception, at once. */
  readonly markClean: () => void;
  readonly flag: () => void;
  readonly beginNote: () => void;
  readonly endNote: () => void;
  readonly note: (text: string) => Promise<void>;
  readonly play: () => void;
  readonly playHit: () => Promise<void>;
  readonly download: (version: CastVersion) => Promise<void>;
  readonly complete: () => Promise<void>;
  /** The whole record, to a file that the person chooses; `hint` tells how far it is. */
  readonly exportEvidence: (edition: EvidenceEdition) => Promise<void>;
  /** The time under review, for people or for other systems. */
  readonly exportAs: (as: ExportAs, client: Night['client']) => Promise<void>;
}

const DEFAULT_HOURS = 12;
const HOUR_MS = 3_600_000;

/** The cards on show. */
export function shownItems({ found, filter, text }: ReviewState): readonly ReviewItem[] {
  return found.kind === 'open' ? filtered(found.items, filter, text) : [];
}

/** @param onCompleted the time under review is reviewed */
export function createReview(
  call: Call,
  now: () => number,
  file: EvidenceFile,
  readTerminal: () => Promise<LateTerminal>,
  onCompleted: () => void = () => undefined,
): ReviewStore {
  const store = createStore<ReviewState>(() => ({
    hours: DEFAULT_HOURS,
    range: { fromMs: 0, toMs: 0 },
    found: { kind: 'closed' },
    notes: [],
    filter: 'all',
    text: '',
    chosen: 0,
    command: null,
    unfolded: new Set<string>(),
    reviewed: new Set<string>(),
    flagged: new Set<string>(),
    noting: false,
    completing: false,
    completed: null,
    hint: null,
  }));
  const { getState, setState } = store;
  const recordings = createRecordings(call, readTerminal);
  const search = createCommandSearch(call, now);
  const files = createReviewFiles({ call, file, now, tell: (hint) => setState({ hint }) });
  const allItems = () => {
    const { found } = getState();
    return found.kind === 'open' ? found.items : [];
  };
  const chosenItem = () => shownItems(getState())[getState().chosen];
  const chosenSession = () => {
    const item = chosenItem();
    if (item?.kind === 'session') return item.session;
    setState({ hint: 'Only a session has a recording.' });
    return null;
  };

  return {
    store,
    recordings,
    search,
    open: async (hours = getState().hours) => {
      const toMs = now();
      const range = { fromMs: Math.max(0, toMs - hours * HOUR_MS), toMs };
      setState({ ...store.getInitialState(), hours, range, found: { kind: 'loading' } });
      const answer = await call('review.open', range);
      if (getState().range !== range) return;
      if (!answer.ok) return setState({ found: { kind: 'failed', error: answer.error } });
      const sessions = await wholeSessions(call, answer.result);
      if (getState().range !== range) return;
      if (!sessions.ok) return setState({ found: { kind: 'failed', error: sessions.error } });
      const night = { ...answer.result, sessions: sessions.result };
      const items = reviewItems(night);
      setState({
        found: { kind: 'open', items, summary: summaryOf(night), openedAtMs: now() },
        notes: answer.result.notes,
        // What deserves the first look stands open.
        unfolded: new Set<string>(items.filter(({ exception }) => exception).map(({ id }) => id)),
      });
    },
    show: (change) => setState({ ...change, chosen: 0, command: null, hint: null }),
    choose: (index) => {
      const last = Math.max(0, shownItems(getState()).length - 1);
      setState({ chosen: Math.min(last, Math.max(0, index)), command: null, hint: null });
    },
    chooseId: (id) => {
      const chosen = shownItems(getState()).findIndex((item) => item.id === id);
      setState({ chosen, command: null, hint: null, unfolded: toggled(getState().unfolded, id) });
    },
    stepCommand: (by) => {
      const item = chosenItem();
      if (item?.kind !== 'session') return;
      const { commands } = item.session;
      const { command, unfolded } = getState();
      const at = commands.findIndex(({ commandId }) => commandId === command);
      // Without one chosen, on begins with the first and back with the last.
      const next = commands[at < 0 && by < 0 ? commands.length - 1 : Math.max(0, at + by)];
      setState({ command: next?.commandId ?? command, unfolded: new Set([...unfolded, item.id]) });
    },
    toggle: (id) => setState({ unfolded: toggled(getState().unfolded, id) }),
    mark: () => {
      const item = chosenItem();
      if (item === undefined) return;
      const reviewed = toggled(getState().reviewed, item.id);
      const { chosen } = getState();
      const next = shownItems(getState()).findIndex(({ id }) => !reviewed.has(id));
      const goesOn = reviewed.has(item.id) && next >= 0;
      setState({ reviewed, chosen: goesOn ? next : chosen, command: null, hint: null });
    },
    markClean: () => {
      const clean = allItems().filter(({ exception }) => !exception);
      setState({ reviewed: new Set([...getState().reviewed, ...clean.map(({ id }) => id)]), hint: null });
    },
    flag: () => {
      const item = chosenItem();
      if (item !== undefined) setState({ flagged: toggled(getState().flagged, item.id) });
    },
    beginNote: () => {
      const item = chosenItem();
      if (item !== undefined)
        setState({ noting: true, unfolded: new Set([...getState().unfolded, item.id]) });
    },
    endNote: () => setState({ noting: false }),
    note: async (text) => {
      const item = chosenItem();
      if (item === undefined || text.trim() === '') return setState({ noting: false });
      const answer = await call('review.note', { itemId: item.id, text });
      // What was written stays in its field where it could not be kept.
      if (!answer.ok) return setState({ hint: answer.error.text });
      setState({ notes: [...getState().notes, answer.result.note], noting: false, hint: null });
    },
    play: () => {
      const session = chosenSession();
      if (session === null) return;
      setState({ hint: null });
      void recordings.play(session, getState().command);
    },
    playHit: async () => {
      const hit = search.chosenHit();
      if (hit === undefined) return;
      setState({ hint: await recordings.playFound(hit.sessionId, hit.command.commandId) });
    },
    download: async (version) => {
      const session = recordings.store.getState().playing?.session ?? chosenSession();
      if (session === null) return;
      await files.writeRecording(session, version);
    },
    exportEvidence: files.writeEvidence,
    exportAs: async (as, client) => {
      const { found, range, notes } = getState();
      if (found.kind !== 'open') return;
      const { items, summary } = found;
      await files.writeNight(as, { client, range, items, summary, notes });
    },
    complete: async () => {
      const { reviewed, flagged, range, completing, completed, found } = getState();
      if (completing || completed !== null || found.kind !== 'open') return;
      const left = allItems().filter(({ id }) => !reviewed.has(id));
      const [first] = left;
      if (first !== undefined) {
        return setState({
          filter: 'all',
          text: '',
          chosen: allItems().indexOf(first),
          hint: `${left.length} not marked as reviewed yet.`,
        });
      }
      setState({ completing: true, hint: null });
      const answer = await call('review.complete', {
        ...range,
        verdict: flagged.size > 0 ? 'follow_up' : 'clean',
      });
      if (!answer.ok) return setState({ completing: false, hint: answer.error.text });
      setState({ completing: false, completed: answer.result });
      onCompleted();
    },
  };
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
