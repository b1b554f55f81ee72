import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { MachineId } from '#protocol/ids.ts';
import type { MachineRow, SessionRow } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { Key } from '../../design/key.tsx';
import { KeyHints } from '../../design/key-hints.tsx';
import type { KeyHint } from '../../design/key-hints.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { countText } from '../../design/time-text.ts';
import { AbsenceScreen } from './absence-screen.tsx';
import { MachineCardPanel } from './machine-card-panel.tsx';
import { MachineList } from './machine-list.tsx';
import styles from './machines-screen.module.css';
import { absentQuery } from './machines-store.ts';
import type { MachinesState } from './machines-store.ts';
import { RunningSessions } from './running-sessions.tsx';

interface MachinesScreenProps {
  readonly state: MachinesState;
  readonly frame: WorkspaceFrame;
  readonly active: boolean;
  readonly focusSearch: number;
  readonly mayOpen: boolean;
  readonly running: readonly SessionRow[];
  readonly onSearch: (query: string) => void;
  readonly onChoose: (index: number) => void;
  readonly onSettle: () => void;
  readonly onOpenCard: (machineId: MachineId) => void;
  readonly onCloseCard: () => void;
  readonly onProbe: () => void;
  readonly onOpenSession: (machine: { machineId: MachineId; name: string }) => void;
  readonly onResume: (session: SessionRow) => void;
  /** Null: this person enrolls no machines. */
  readonly onEnroll: (() => void) | null;
}

export function MachinesScreen(props: MachinesScreenProps) {
  const { state, frame, active, focusSearch, running, onSearch, onChoose, onSettle, onOpenCard } = props;
  const field = useRef<HTMLInputElement>(null);
  const rows = shownRows(state);
  const absent = absentQuery(state);
  // Where something is absent there is nothing to press: the next step is to look at the client's name.
  const onEnroll = absent === null ? props.onEnroll : null;
  const step = (by: number) => onChoose(Math.min(rows.length - 1, Math.max(0, state.chosen + by)));

  useEffect(() => {
    // `focusSearch` counts requests; 0 is the one that comes with being shown.
    if (!active || focusSearch < 0) return;
    field.current?.focus();
    field.current?.select();
  }, [active, focusSearch]);
  useKeys(
    { listDown: () => step(1), listUp: () => step(-1), listOpen: onSettle },
    active && state.card === null,
  );
  useKeys({ enroll: () => onEnroll?.() }, active && onEnroll !== null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Enter') onSettle();
    else if (event.key === 'Escape' && state.card === null) onSearch('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles['machines']}>
      <div className={styles['top']}>
        <div className={styles['bar']}>
          <span className={styles['lens']} aria-hidden="true" />
          <input
            ref={field}
            className={styles['search']}
            type="text"
            role="combobox"
            aria-label="Search machines"
            aria-expanded={rows.length > 0}
            aria-controls={rows.length > 0 ? 'machine-list' : undefined}
            aria-activedescendant={rows[state.chosen] === undefined ? undefined : `machine-${state.chosen}`}
            placeholder="Name or hostname"
            spellCheck={false}
            autoComplete="off"
            maxLength={256}
            value={state.query}
            onChange={({ target }) => onSearch(target.value)}
            onKeyDown={onKeyDown}
          />
          <span className={styles['count']} aria-live="polite">
            {rows.length > 0 && state.results !== null && countText(state.results.total, 'machine')}
          </span>
          <Key chord="/" />
        </div>
        {onEnroll !== null && (
          <Button onClick={onEnroll} chord="Control+Shift+KeyN">
            Enroll a machine
          </Button>
        )}
      </div>
      {state.error !== null && (
        <Notice tone="warn" role="alert" title={state.error.text}>
          {rows.length > 0 ? 'What is shown may be out of date.' : 'The search is asked again by itself.'}
        </Notice>
      )}
      {running.length > 0 && absent === null && (
        <RunningSessions running={running} onResume={props.onResume} />
      )}
      <div className={styles['body']} data-card={state.card !== null}>
        {absent !== null && state.card === null ? (
          <AbsenceScreen frame={frame} query={absent} />
        ) : (
          <>
            {rows.length > 0 && (
              <MachineList
                rows={rows}
                total={state.results?.total ?? rows.length}
                query={state.results?.query ?? ''}
                chosen={state.chosen}
                onOpen={(index, machineId) => {
                  onChoose(index);
                  onOpenCard(machineId);
                }}
              />
            )}
            {state.results?.query === '' && state.results.total === 0 && absent === null && (
              <NoMachines frame={frame} mayEnroll={onEnroll !== null} />
            )}
            {state.card !== null && (
              <MachineCardPanel
                {...props}
                state={state.card}
                active={active}
                onBack={() => back(props, field)}
              />
            )}
          </>
        )}
      </div>
      <KeyHints hints={hintsOf(state, rows.length > 0, props.mayOpen)} />
    </div>
  );
}

const LIST_HINTS = [
  { chords: ['ArrowUp', 'ArrowDown'], does: 'choose' },
  { chords: ['Enter'], does: 'open' },
  { chords: ['Escape'], does: 'clear the search' },
];
const CARD_HINTS = [
  { chords: ['Enter'], does: 'open a session' },
  { chords: ['r'], does: 'ask the machine again' },
  { chords: ['Escape'], does: 'back to the list' },
];

function hintsOf({ card }: MachinesState, hasRows: boolean, mayOpen: boolean): readonly KeyHint[] {
  if (card !== null) return card.kind === 'shown' && mayOpen ? CARD_HINTS : CARD_HINTS.slice(-1);
  return hasRows ? LIST_HINTS : LIST_HINTS.slice(-1);
}

/** One key behind is fine; results of another query must not stand under one that could not be asked. */
function shownRows({ results, query, error }: MachinesState): readonly MachineRow[] {
  return results === null || (error !== null && results.query !== query) ? [] : results.machines;
}

function back({ onCloseCard }: MachinesScreenProps, field: { current: HTMLInputElement | null }): void {
  onCloseCard();
  field.current?.focus();
}

function NoMachines({ frame, mayEnroll }: { frame: WorkspaceFrame; mayEnroll: boolean }) {
  return (
    <div className={styles['empty']} role="status">
      <p className={styles['emptyTitle']}>
        No machines in <ClientName frame={frame} /> yet
      </p>
      <p>
        {mayEnroll
          ? 'Enroll the first one: you get a code for it that is good for ten minutes.'
          : 'An administrator enrolls one with a code that is good for ten minutes.'}
      </p>
    </div>
  );
}
