import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReviewNote } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { KeyHints } from '../../design/key-hints.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { dayText } from '../../design/time-text.ts';
import { ExportBar } from './export-bar.tsx';
import type { ExportAs } from './export-bar.tsx';
import { NoteBar } from './note-bar.tsx';
import { labelOf, ReviewCard } from './review-card.tsx';
import { ReviewCompleted } from './review-completed.tsx';
import { ReviewHead } from './review-head.tsx';
import styles from './review-screen.module.css';
import { shownItems } from './review-store.ts';
import type { ReviewState, ReviewStore } from './review-store.ts';

/** What the screen asks for; the store's own actions. */
export type ReviewActions = Pick<
  ReviewStore,
  | 'open'
  | 'show'
  | 'choose'
  | 'stepCommand'
  | 'chooseId'
  | 'toggle'
  | 'mark'
  | 'markClean'
  | 'flag'
  | 'beginNote'
  | 'endNote'
  | 'note'
  | 'play'
  | 'download'
  | 'complete'
  | 'exportEvidence'
  | 'exportAs'
> & { readonly onSearch: (query: string) => void; readonly onNextClient: () => void };

export interface ReviewScreenProps {
  readonly state: ReviewState;
  readonly frame: WorkspaceFrame;
  readonly active: boolean;
  readonly actions: ReviewActions;
}

export function ReviewScreen(props: ReviewScreenProps) {
  const { state, frame, active, actions } = props;
  const items = shownItems(state);
  const list = useRef<HTMLOListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const item = items[state.chosen];
  const [exporting, setExporting] = useState(false);
  useKeys(
    {
      reviewDown: () => actions.choose(state.chosen + 1),
      reviewUp: () => actions.choose(state.chosen - 1),
      reviewOpen: {
        does:
          item === undefined
            ? null
            : `${state.unfolded.has(item.id) ? 'folds' : 'unfolds'} the card “${labelOf(item)}”`,
        run: () => {
          if (item !== undefined) actions.toggle(item.id);
        },
      },
      reviewPlay: actions.play,
      reviewNextCommand: () => actions.stepCommand(1),
      reviewPreviousCommand: () => actions.stepCommand(-1),
      reviewDownload: () => void actions.download(3),
      reviewDownloadOld: () => void actions.download(2),
      reviewSearch: () => field.current?.focus(),
      reviewShowAll: () => actions.show({ filter: 'all' }),
      reviewShowExceptions: () => actions.show({ filter: 'exceptions' }),
      reviewShowAttempts: () => actions.show({ filter: 'attempts' }),
      reviewShowSessions: () => actions.show({ filter: 'sessions' }),
      reviewNote: actions.beginNote,
      reviewMark: actions.mark,
      reviewMarkClean: actions.markClean,
      reviewFlag: actions.flag,
      reviewComplete: () => void actions.complete(),
      reviewExport: () => void actions.exportEvidence('reviewer'),
      reviewExportClient: () => void actions.exportEvidence('client'),
      reviewExportAs: () => setExporting(state.found.kind === 'open'),
    },
    active && state.completed === null,
  );
  const focusList = () => list.current?.focus({ preventScroll: true });
  const ready = state.found.kind === 'open' && !state.noting;
  useEffect(() => {
    if (active && ready) list.current?.focus({ preventScroll: true });
  }, [active, ready]);
  useEffect(() => {
    list.current?.children[state.chosen]?.scrollIntoView({ block: 'nearest' });
  }, [state.chosen]);

  const leaveExport = () => {
    setExporting(false);
    focusList();
  };
  const exportAs = (as: ExportAs) => {
    leaveExport();
    void actions.exportAs(as, frame);
  };
  const today = dayText(state.range.toMs);
  const notes = useMemo(() => Map.groupBy(state.notes, ({ itemId }) => itemId), [state.notes]);

  if (state.completed !== null) {
    return <ReviewCompleted {...props} completed={state.completed} />;
  }
  return (
    <div className={styles['review']}>
      <ReviewHead {...props} shown={items.length} field={field} onLeaveField={focusList} />
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
          actions={<Button onClick={() => void actions.open()}>Try again</Button>}
        >
          {state.found.error.text}
        </Notice>
      )}
      {state.found.kind === 'open' && items.length === 0 && (
        <Empty frame={frame} nothingAtAll={state.found.items.length === 0} />
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
            today={today}
            chosen={index === state.chosen}
            command={index === state.chosen ? state.command : null}
            unfolded={state.unfolded.has(row.id)}
            reviewed={state.reviewed.has(row.id)}
            flagged={state.flagged.has(row.id)}
            notes={notes.get(row.id) ?? NO_NOTES}
            onChoose={actions.chooseId}
          />
        ))}
      </ol>
      {state.noting && item !== undefined && (
        <NoteBar
          about={labelOf(item)}
          onKeep={(text) => void actions.note(text)}
          onCancel={actions.endNote}
        />
      )}
      {exporting && <ExportBar onExport={exportAs} onCancel={leaveExport} />}
      <KeyHints hints={HINTS} />
    </div>
  );
}

const NO_NOTES: readonly ReviewNote[] = [];

const HINTS = [
  { chords: ['j', 'k'], does: 'choose' },
  { chords: ['n', 'b'], does: 'command' },
  { chords: ['p'], does: 'play' },
  { chords: ['r'], does: 'reviewed, next' },
  { chords: ['Shift+R'], does: 'all clean ones' },
  { chords: ['f'], does: 'follow up' },
  { chords: ['a'], does: 'note' },
  { chords: ['/'], does: 'search' },
  { chords: ['e'], does: 'evidence' },
  { chords: ['x'], does: 'export as…' },
];

function Empty({ frame, nothingAtAll }: { frame: WorkspaceFrame; nothingAtAll: boolean }) {
  return (
    <div className={styles['empty']} role="status">
      <p className={styles['emptyTitle']}>
        {nothingAtAll ? (
          <>
            Nothing happened in <ClientName frame={frame} />
          </>
        ) : (
          'No card like this'
        )}
      </p>
      <p>
        {nothingAtAll
          ? 'No session and no attempt in this time. Completing says that you looked.'
          : 'Press Enter in the search field to look through the commands of all sessions.'}
      </p>
    </div>
  );
}
