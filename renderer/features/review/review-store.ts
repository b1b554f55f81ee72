import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { EvidenceEdition } from '#protocol/evidence/evidence-file.ts';
import type { VerbResult } from '#protocol/control/verbs.ts';
import type { SessionId } from '#protocol/ids.ts';
import type { RecordingEvent, SessionReview } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import { exportEvidence } from './export-evidence.ts';
import type { EvidenceFile } from './export-evidence.ts';
import { reviewItems } from './review-item.ts';
import type { ReviewItem } from './review-item.ts';

export interface ReviewState {
  readonly hours: number;
  readonly range: { readonly fromMs: number; readonly toMs: number };
  readonly found:
    | { readonly kind: 'closed' | 'loading' }
    | { readonly kind: 'failed'; readonly error: CallError }
    | { readonly kind: 'open'; readonly items: readonly ReviewItem[]; readonly openedAtMs: number };
  readonly chosen: number;
  readonly unfolded: ReadonlySet<string>;
  readonly reviewed: ReadonlySet<string>;
  readonly flagged: ReadonlySet<string>;
  readonly playing: Playing | null;
  readonly completing: boolean;
  readonly completed: VerbResult<'review.complete'> | null;
  /** Why the last key did nothing. */
  readonly hint: string | null;
}

export type Playing = { readonly session: SessionReview } & (
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly error: CallError }
  | { readonly kind: 'ready'; readonly events: readonly RecordingEvent[] }
);

export interface ReviewStore {
  readonly store: StoreApi<ReviewState>;
  /** Opens the range anew: the relay's clock starts, all marks are gone. */
  readonly open: (hours?: number) => Promise<void>;
  readonly choose: (index: number) => void;
  readonly toggle: (id: string) => void;
  readonly mark: () => void;
  readonly flag: () => void;
  readonly play: (id?: string) => Promise<void>;
  readonly stopPlaying: () => void;
  readonly complete: () => Promise<void>;
  /** The whole record, to a file that the person chooses; `hint` tells how far it is. */
  readonly exportEvidence: (edition: EvidenceEdition) => Promise<void>;
}

const DEFAULT_HOURS = 12;
const HOUR_MS = 3_600_000;

export function createReview(call: Call, now: () => number, file: EvidenceFile): ReviewStore {
  const store = createStore<ReviewState>(() => ({
    hours: DEFAULT_HOURS,
    range: { fromMs: 0, toMs: 0 },
    found: { kind: 'closed' },
    chosen: 0,
    unfolded: new Set<string>(),
    reviewed: new Set<string>(),
    flagged: new Set<string>(),
    playing: null,
    completing: false,
    completed: null,
    hint: null,
  }));
  const { getState, setState } = store;
  const items = () => {
    const { found } = getState();
    return found.kind === 'open' ? found.items : [];
  };
  const chosenItem = () => items()[getState().chosen];
  let exporting = false;

  async function readRecording(
    sessionId: SessionId,
  ): Promise<{ ok: true; events: RecordingEvent[] } | { ok: false; error: CallError }> {
    const events: RecordingEvent[] = [];
    let cursor: number | null = null;
    do {
      const page: Awaited<ReturnType<typeof readPage>> = await readPage(sessionId, cursor);
      if (!page.ok) return page;
      events.push(...page.result.events);
      cursor = page.result.nextCursor;
    } while (cursor !== null);
    return { ok: true, events };
  }
  const readPage = (sessionId: SessionId, cursor: number | null) =>
    call('recording.read', { sessionId, cursor });

  return {
    store,
    open: async (hours = getState().hours) => {
      const toMs = now();
      const range = { fromMs: Math.max(0, toMs - hours * HOUR_MS), toMs };
      setState({
        ...store.getInitialState(),
        hours,
        range,
        found: { kind: 'loading' },
      });
      const answer = await call('review.open', range);
      if (getState().range !== range) return;
      if (!answer.ok) return setState({ found: { kind: 'failed', error: answer.error } });
      const found = reviewItems(answer.result);
      setState({
        found: { kind: 'open', items: found, openedAtMs: now() },
        // What deserves the first look stands open.
        unfolded: new Set(found.filter(({ exception }) => exception).map(({ id }) => id)),
      });
    },
    choose: (index) =>
      setState({ chosen: Math.min(Math.max(0, items().length - 1), Math.max(0, index)), hint: null }),
    toggle: (id) => setState({ unfolded: toggled(getState().unfolded, id) }),
    mark: () => {
      const item = chosenItem();
      if (item === undefined) return;
      const reviewed = toggled(getState().reviewed, item.id);
      const { chosen } = getState();
      const next = items().findIndex(({ id }) => !reviewed.has(id));
      const goesOn = reviewed.has(item.id) && next >= 0;
      setState({ reviewed, chosen: goesOn ? next : chosen, hint: null });
    },
    flag: () => {
      const item = chosenItem();
      if (item !== undefined) setState({ flagged: toggled(getState().flagged, item.id) });
    },
    play: async (id) => {
      const item = id === undefined ? chosenItem() : items().find((row) => row.id === id);
      if (item?.kind !== 'session') return setState({ hint: 'Only a session has a recording.' });
      const { session } = item;
      setState({ playing: { kind: 'loading', session }, hint: null });
      const read = await readRecording(session.sessionId);
      if (getState().playing?.session !== session) return;
      setState({
        playing: read.ok
          ? { kind: 'ready', session, events: read.events }
          : { kind: 'failed', session, error: read.error },
      });
    },
    exportEvidence: async (edition) => {
      if (exporting) return;
      exporting = true;
      const exported = await exportEvidence(call, file, edition, now, (done, total) => {
        setState({ hint: `Exporting ${done.toLocaleString('en')} of ${total.toLocaleString('en')} events…` });
      });
      exporting = false;
      switch (exported.kind) {
        case 'done': {
          const events = exported.events.toLocaleString('en');
          return setState({
            hint: `${events} events exported to ${exported.name}. Check it with caisey-verify.`,
          });
        }
        case 'cancelled':
          return setState({ hint: null });
        case 'failed':
          return setState({ hint: exported.text });
      }
    },
    stopPlaying: () => setState({ playing: null }),
    complete: async () => {
      const { reviewed, flagged, range, completing, completed, found } = getState();
      if (completing || completed !== null || found.kind !== 'open') return;
      const open = items().findIndex(({ id }) => !reviewed.has(id));
      if (open >= 0) {
        const left = items().filter(({ id }) => !reviewed.has(id)).length;
        return setState({ chosen: open, hint: `${left} not marked as reviewed yet.` });
      }
      setState({ completing: true, hint: null });
      const answer = await call('review.complete', {
        ...range,
        verdict: flagged.size > 0 ? 'follow_up' : 'clean',
      });
      setState(
        answer.ok
          ? { completing: false, completed: answer.result }
          : { completing: false, hint: answer.error.text },
      );
    },
  };
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
