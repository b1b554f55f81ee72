import { useEffect, useRef } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { KeyHints } from '../../design/key-hints.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { clockText, countText, dayText, durationText } from '../../design/time-text.ts';
import { useNow } from '../../design/use-now.ts';
import { ReviewCard } from './review-card.tsx';
import styles from './review-screen.module.css';
import type { ReviewState } from './review-store.ts';

interface ReviewScreenProps {
  readonly state: ReviewState;
  readonly frame: WorkspaceFrame;
  readonly active: boolean;
  readonly onOpenRange: (hours: number) => void;
  readonly onChoose: (index: number) => void;
  readonly onToggle: (id: string) => void;
  readonly onMark: () => void;
  readonly onFlag: () => void;
  readonly onPlay: (id?: string) => void;
  readonly onComplete: () => void;
  readonly onExport: (edition: 'reviewer' | 'client') => void;
}

const RANGES = [
  { hours: 12, text: '12 hours' },
  { hours: 24, text: '24 hours' },
  { hours: 168, text: '7 days' },
] as const;

export function ReviewScreen(props: ReviewScreenProps) {
  const { state, frame, active, onChoose, onToggle, onMark, onFlag, onPlay, onComplete } = props;
  const items = state.found.kind === 'open' ? state.found.items : [];
  const list = useRef<HTMLOListElement>(null);
  const item = items[state.chosen];
  useKeys(
    {
      reviewDown: () => onChoose(state.chosen + 1),
      reviewUp: () => onChoose(state.chosen - 1),
      reviewOpen: () => {
        if (item !== undefined) onToggle(item.id);
      },
      reviewPlay: () => onPlay(),
      reviewMark: onMark,
      reviewFlag: onFlag,
      reviewComplete: onComplete,
      reviewExport: () => props.onExport('reviewer'),
      reviewExportClient: () => props.onExport('client'),
    },
    active && state.completed === null,
  );
  const opened = state.found.kind === 'open';
  useEffect(() => {
    if (active && opened) list.current?.focus({ preventScroll: true });
  }, [active, opened]);
  useEffect(() => {
    list.current?.children[state.chosen]?.scrollIntoView({ block: 'nearest' });
  }, [state.chosen]);

  if (state.completed !== null) return <Completed {...props} completed={state.completed} />;
  return (
    <div className={styles['review']}>
      <Head {...props} />
      {state.hint !== null && (
        <p className={styles['hint']} role="status">
          {state.hint}
        </p>
      )}
      {state.found.kind === 'failed' && (
        <Notice
          tone="warn"
          role="alert"
          title="The review could not be opened"
          actions={<Button onClick={() => props.onOpenRange(state.hours)}>Try again</Button>}
        >
          {state.found.error.text}
        </Notice>
      )}
      {state.found.kind === 'open' && items.length === 0 && (
        <div className={styles['empty']} role="status">
          <p className={styles['emptyTitle']}>
            Nothing happened in <ClientName frame={frame} />
          </p>
          <p>No session and no attempt in this time. Completing says that you looked.</p>
        </div>
      )}
      <ol
        ref={list}
        className={styles['list']}
        role="listbox"
        aria-label="What happened"
        aria-busy={state.found.kind === 'loading'}
        aria-activedescendant={item === undefined ? undefined : `review-${item.id}`}
        tabIndex={0}
      >
        {items.map((row, index) => (
          <ReviewCard
            key={row.id}
            item={row}
            chosen={index === state.chosen}
            unfolded={state.unfolded.has(row.id)}
            reviewed={state.reviewed.has(row.id)}
            flagged={state.flagged.has(row.id)}
            onChoose={() => {
              onChoose(index);
              onToggle(row.id);
            }}
          />
        ))}
      </ol>
      <KeyHints hints={HINTS} />
    </div>
  );
}

const HINTS = [
  { chords: ['j', 'k'], does: 'choose' },
  { chords: ['Enter'], does: 'open or fold' },
  { chords: ['p'], does: 'play' },
  { chords: ['r'], does: 'reviewed, next' },
  { chords: ['f'], does: 'follow up' },
  { chords: ['c'], does: 'complete' },
  { chords: ['e'], does: 'export' },
];

function Head({ state, onOpenRange, onComplete }: ReviewScreenProps) {
  const { found, reviewed, range, hours, completing, flagged } = state;
  const items = found.kind === 'open' ? found.items : [];
  const exceptions = items.filter(({ exception }) => exception).length;
  return (
    <div className={styles['head']}>
      <div className={styles['summary']}>
        <h2>Review</h2>
        <p className={styles['dim']}>
          {range.toMs === 0 ? '' : rangeText(range)}
          {found.kind === 'open' && (
            <>
              {' · '}
              {countText(exceptions, 'exception')} · {countText(items.length - exceptions, 'clean session')}
              {items.length > 0 && ` · ${reviewed.size} of ${items.length} reviewed`}
            </>
          )}
        </p>
      </div>
      <div className={styles['ranges']} role="group" aria-label="Time range">
        {RANGES.map(({ hours: each, text }) => (
          <button
            key={each}
            type="button"
            className={styles['range']}
            aria-pressed={each === hours}
            onClick={() => onOpenRange(each)}
          >
            {text}
          </button>
        ))}
      </div>
      {found.kind === 'open' && <Elapsed sinceMs={found.openedAtMs} />}
      <Button
        kind={found.kind === 'open' && reviewed.size === items.length ? 'primary' : 'plain'}
        onClick={onComplete}
        disabled={found.kind !== 'open' || completing}
        chord="c"
      >
        {completing ? 'Completing…' : flagged.size > 0 ? 'Complete, to follow up' : 'Complete as clean'}
      </Button>
    </div>
  );
}

function Elapsed({ sinceMs }: { sinceMs: number }) {
  const now = useNow(1000);
  return (
    <span className={styles['elapsed']} aria-hidden="true">
      {now - sinceMs < 10_000
        ? `${Math.max(0, Math.floor((now - sinceMs) / 1000))} s`
        : durationText(Math.floor((now - sinceMs) / 1000) * 1000)}
    </span>
  );
}

function rangeText({ fromMs, toMs }: ReviewState['range']): string {
  return `${dayText(fromMs)} ${clockText(fromMs)} – ${dayText(toMs)} ${clockText(toMs)}`;
}

function Completed({
  completed,
  frame,
  state,
  onOpenRange,
}: ReviewScreenProps & { completed: NonNullable<ReviewState['completed']> }) {
  return (
    <div className={styles['completed']} role="status">
      <h2>
        Review of <ClientName frame={frame} /> completed in {durationText(completed.durationMs)}
      </h2>
      <p className={styles['dim']}>
        {countText(completed.sessions, 'session')}, {countText(completed.exceptions, 'exception')}, as the
        relay counted. Recorded: you looked, {state.flagged.size > 0 ? 'to follow up' : 'clean'}.
      </p>
      <Button onClick={() => onOpenRange(state.hours)} autoFocus>
        Review again
      </Button>
    </div>
  );
}
