import { useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { MachineId } from '#protocol/ids.ts';
import type { RunningSession, SessionRow } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { Key } from '../../design/key.tsx';
import { KeyHints } from '../../design/key-hints.tsx';
import type { KeyHint } from '../../design/key-hints.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import type { CallError } from '../../connection/call-error.ts';
import { AbsenceScreen } from './absence-screen.tsx';
import { ChangeDialog } from './change-dialog.tsx';
import type { ChangedMachine, MachineChange } from './machine-changes.ts';
import { MachineCardPanel } from './machine-card-panel.tsx';
import { MachineList } from './machine-list.tsx';
import styles from './machines-screen.module.css';
import type { RowRange } from './machine-directory.ts';
import { absentQuery, shownRows } from './machines-state.ts';
import type { MachinesState } from './machines-state.ts';
import { RunningSessions } from './running-sessions.tsx';

interface MachinesScreenProps {
  readonly state: MachinesState;
  readonly frame: WorkspaceFrame;
  readonly active: boolean;
  readonly focusSearch: number;
  readonly mayOpen: boolean;
  /** An administrator: renames and removes. */
  readonly administers: boolean;
  readonly change: MachineChange | null;
  readonly running: readonly SessionRow[];
  readonly onSearch: (query: string) => void;
  readonly onChoose: (index: number) => void;
  readonly onLook: (range: RowRange) => void;
  readonly onSettle: () => void;
  readonly onOpenCard: (machineId: MachineId) => void;
  readonly onCloseCard: () => void;
  readonly onProbe: () => void;
  readonly onReadRunning: () => void;
  readonly onRelease: () => Promise<CallError | null>;
  /** Name of the machine beside whose session another can be opened; null: there is none. */
  readonly beside: string | null;
  readonly onOpenSession: (machine: { machineId: MachineId; name: string }, beside?: 'beside') => void;
  readonly onResume: (session: SessionRow) => void;
  readonly onJoin: (session: RunningSession, take: boolean) => void;
  readonly onBeginChange: (kind: MachineChange['kind'], machine: ChangedMachine) => void;
  readonly onRename: (name: string) => void;
  readonly onRemove: (typedName: string) => void;
  readonly onForgetDoubt: () => void;
  readonly onCancelChange: () => void;
  /** Null: this person enrolls no machines. */
  readonly onEnroll: (() => void) | null;
}

export function MachinesScreen(props: MachinesScreenProps) {
  const { state, frame, active, focusSearch, running, onSearch, onChoose, onSettle, onOpenCard } = props;
  const { change } = props;
  const field = useRef<HTMLInputElement>(null);
  const rows = shownRows(state);
  const absent = absentQuery(state);
  // Where something is absent there is nothing to press: the next step is to look at the client's name.
  const onEnroll = absent === null ? props.onEnroll : null;
  const enterDoes = settleText(state, frame.name);
  const step = (by: number) => onChoose(Math.min(rows.total - 1, Math.max(0, state.chosen + by)));

  const cardShown = state.card?.kind === 'shown';
  const answered = useRef(focusSearch);
  useEffect(() => {
    // `focusSearch` counts requests; 0 is the one that comes with being shown, where no card has the keys.
    if (!active || focusSearch < 0) return;
    const asked = answered.current !== focusSearch;
    answered.current = focusSearch;
    if (cardShown && !asked) return;
    // The first key of a new query closes the card: what was typed must not be chosen, or the next key replaces it.
    if (!asked && field.current === document.activeElement) return;
    field.current?.focus();
    field.current?.select();
  }, [active, cardShown, focusSearch]);
  useKeys(
    { listDown: () => step(1), listUp: () => step(-1), listOpen: { does: enterDoes, run: onSettle } },
    active && state.card === null && change === null,
  );
  useKeys({ enroll: () => onEnroll?.() }, active && onEnroll !== null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'PageDown') step(PAGE_STEP);
    else if (event.key === 'PageUp') step(-PAGE_STEP);
    else if (event.key === 'Enter') onSettle();
    else if (event.key === 'Escape' && state.card === null) onSearch('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const list = (
    <MachineList
      rows={rows}
      more={moreText(state)}
      query={state.results?.query ?? ''}
      chosen={state.chosen}
      narrow={state.card !== null}
      onLook={props.onLook}
      onOpen={(index, machineId) => {
        onChoose(index);
        onOpenCard(machineId);
      }}
    />
  );

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
            aria-expanded={rows.total > 0}
            aria-controls={rows.total > 0 ? 'machine-list' : undefined}
            aria-activedescendant={
              rows.at(state.chosen) === undefined ? undefined : `machine-${state.chosen}`
            }
            placeholder="Name or hostname"
            spellCheck={false}
            autoComplete="off"
            maxLength={256}
            value={state.query}
            onChange={({ target }) => onSearch(target.value)}
            onKeyDown={onKeyDown}
            data-enter={enterDoes}
          />
          <span className={styles['count']} aria-live="polite">
            {foundText(state)}
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
          {errorText(state.error, rows.total > 0)}
        </Notice>
      )}
      {running.length > 0 && absent === null && (
        <RunningSessions running={running} onResume={props.onResume} />
      )}
      <div className={styles['body']} data-card={state.card !== null}>
        {absent !== null && state.card === null ? (
          <div className={styles['absent']} data-close={rows.total > 0}>
            <AbsenceScreen frame={frame} query={absent} />
            {rows.total > 0 && (
              <section className={styles['close']} aria-label="Close in spelling">
                <p className={styles['closeTitle']}>
                  Close in spelling, <b>another name</b>. Choose one with ↓ if it is what you meant.
                </p>
                {list}
              </section>
            )}
          </div>
        ) : (
          <>
            {rows.total > 0 && list}
            {state.results === null && state.error === null && <Loading />}
            {state.results?.query === '' && state.results.total === 0 && absent === null && (
              <NoMachines frame={frame} mayEnroll={onEnroll !== null} />
            )}
            {state.card !== null && (
              <MachineCardPanel
                {...props}
                state={state.card}
                active={active && change === null}
                onBack={() => back(props, field)}
              />
            )}
          </>
        )}
      </div>
      <KeyHints hints={hintsOf(state, rows.total > 0, props)} />
      {change !== null && (
        <ChangeDialog
          key={change.kind}
          change={change}
          frame={frame}
          onRename={props.onRename}
          onRemove={props.onRemove}
          onForgetDoubt={props.onForgetDoubt}
          onCancel={props.onCancelChange}
        />
      )}
    </div>
  );
}

const PAGE_STEP = 10;

const LIST_HINTS = [
  { chords: ['ArrowUp', 'ArrowDown'], does: 'choose' },
  { chords: ['Escape'], does: 'clear the search' },
];
const CARD_HINTS = [
  { chords: ['r'], does: 'ask the machine again' },
  { chords: ['Escape'], does: 'back to the list' },
];

const ADMIN_HINTS = [
  { chords: ['F2'], does: 'rename' },
  { chords: ['Delete'], does: 'remove' },
];

function hintsOf(
  { card }: MachinesState,
  hasRows: boolean,
  { mayOpen, administers }: Pick<MachinesScreenProps, 'mayOpen' | 'administers'>,
): readonly KeyHint[] {
  if (card !== null) {
    const own = card.kind === 'shown' && mayOpen ? CARD_HINTS : CARD_HINTS.slice(-1);
    return card.kind === 'shown' && administers ? [...ADMIN_HINTS, ...own] : own;
  }
  return hasRows ? LIST_HINTS : LIST_HINTS.slice(-1);
}

function back({ onCloseCard }: MachinesScreenProps, field: { current: HTMLInputElement | null }): void {
  onCloseCard();
  field.current?.focus();
}

/** What Enter in the field does, told by what it would be asked. */
function settleText(state: MachinesState, client: string): string {
  const { query, results } = state;
  const machine = shownRows(state).at(state.chosen);
  const words = query.trim();
  if (results?.query === query && machine !== undefined) return `opens the card of ${machine.name}`;
  if (words === '') return 'does nothing: no machine is chosen';
  return absentQuery(state) === null
    ? `searches ${client} for “${words}”`
    : `searches ${client} again for “${words}”; it opens nothing`;
}

function foundText({ results, directory }: MachinesState): string | null {
  if (results === null || results.total === 0) return null;
  const { query, total, more } = results;
  const count = query === '' ? (directory?.total ?? total) : total;
  return `${count.toLocaleString('en')}${more ? '+' : ''} ${count === 1 ? 'machine' : 'machines'}`;
}

function moreText({ results }: MachinesState): string | null {
  if (results === null || results.query === '' || results.total <= results.machines.length) return null;
  const { total, more, machines } = results;
  const rest = (total - machines.length).toLocaleString('en');
  return `${more ? `More than ${rest}` : rest} more. Type on to narrow the list.`;
}

function errorText({ code, retryable }: CallError, rowsShown: boolean): string | undefined {
  if (code === 'query_invalid') return 'Nothing was searched.';
  if (rowsShown) return 'What is shown may be out of date.';
  return retryable ? 'The search is asked again by itself.' : undefined;
}

/** Rows that are on their way, in the place that they will have. */
function Loading() {
  return (
    <div className={styles['loading']} role="status">
      <p>Loading machines…</p>
      {Array.from({ length: 8 }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
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
