import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { KnownWorkspace, LauncherState } from '#contract/window-state.ts';
import type { OrgId } from '#protocol/ids.ts';
import type { Marks } from '#protocol/look/frame-doubts.ts';
import { Button } from '../../design/button.tsx';
import { EnterLine } from '../../design/enter/enter-line.tsx';
import { ErrorCode } from '../../design/error-code.tsx';
import { frameStyle } from '../../design/frame-colours.ts';
import { Key } from '../../design/key.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { ClientRow } from './client-row.tsx';
import { FrameEditor } from './frame-editor.tsx';
import { LauncherHead, SwitchHead } from './launcher-head.tsx';
import styles from './launcher-screen.module.css';
import { launcherRows } from './launcher-store.ts';
import { NoClient } from './no-client.tsx';

interface LauncherScreenProps {
  readonly state: LauncherState | null;
  readonly failure: string | null;
  readonly onOpen: (orgId: OrgId) => void;
  readonly onCancel: () => void;
  readonly onDismiss: () => void;
  /** Opens the window that adds clients; offered outside the ceremony. */
  readonly onAdd: () => void;
  readonly onForget: (orgId: OrgId) => void;
  readonly onChangeFrame: (orgId: OrgId, marks: Marks) => void;
  readonly onTheme: () => void;
}

export function LauncherScreen(props: LauncherScreenProps) {
  const { state, failure, onOpen, onCancel, onDismiss, onAdd, onForget, onTheme } = props;
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState(0);
  /** Enter takes it off this computer; anything else lets it be. */
  const [leaving, setLeaving] = useState<OrgId | null>(null);
  const [edited, setEdited] = useState<KnownWorkspace | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const noticed = state?.notice ?? null;
  useEffect(() => {
    // Once a notice or the editor is gone, so is what had the focus: typing goes on in the field.
    if (noticed === null && edited === null) field.current?.focus();
  }, [noticed, edited]);
  const rows = state === null ? [] : launcherRows(state, filter);
  const current = Math.min(chosen, Math.max(0, rows.length - 1));
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const switching = state?.mode.kind === 'switch' ? state.mode : null;

  useKeys({
    launcherCancel: () => {
      if (leaving !== null) setLeaving(null);
      else if (filter === '') onCancel();
      else setFilter('');
    },
    launcherAdd: () => {
      if (state?.mode.kind === 'open') onAdd();
    },
    launcherForget: () => {
      if (state?.mode.kind === 'open') setLeaving(rows[current]?.orgId ?? null);
    },
    launcherFrame: () => {
      const row = rows[current];
      if (state?.mode.kind === 'open' && row?.state === 'open') setEdited(row);
    },
    launcherTheme: onTheme,
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setLeaving(null);
    if (step !== undefined) setChosen(Math.min(rows.length - 1, Math.max(0, current + step)));
    else if (event.key === 'Enter') settle();
    else return;
    event.preventDefault();
  };
  const settle = () => {
    if (leaving === null) openRow(rows[current]);
    else onForget(leaving);
    setLeaving(null);
  };
  const openRow = (row: KnownWorkspace | undefined) => {
    if (row === undefined) return;
    onOpen(row.orgId);
    // The launcher stays open behind: next time it starts afresh.
    setFilter('');
    setChosen(0);
  };

  return (
    <main
      className={styles['launcher']}
      data-switching={switching !== null}
      style={switching === null ? undefined : frameStyle(switching.from.frame.colour)}
    >
      {switching === null ? (
        <LauncherHead state={state} onAdd={onAdd} />
      ) : (
        <SwitchHead from={switching.from} onCancel={onCancel} />
      )}
      {state?.notice != null && (
        <Notice
          tone="warn"
          role="alert"
          title={state.notice.text}
          actions={<Button onClick={onDismiss}>Dismiss</Button>}
        >
          <ErrorCode code={state.notice.code} />
        </Notice>
      )}
      {failure !== null && <Notice tone="warn" role="alert" title={failure} />}
      <input
        ref={field}
        className={styles['filter']}
        type="text"
        role="combobox"
        aria-label={switching === null ? 'Client' : 'Client to switch to'}
        aria-expanded={rows.length > 0}
        aria-controls={rows.length > 0 ? 'clients' : undefined}
        aria-activedescendant={rows[current] === undefined ? undefined : `client-${rows[current].orgId}`}
        placeholder="Type a name or code"
        autoFocus
        spellCheck={false}
        value={filter}
        onChange={({ target }) => {
          setFilter(target.value);
          setLeaving(null);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
        data-enter={settleText(rows[current], leaving !== null, switching?.from ?? null)}
      />
      {rows.length > 0 && (
        <ul ref={list} id="clients" className={styles['list']} role="listbox" aria-label="Clients">
          {rows.map((row, index) => (
            <ClientRow
              key={row.orgId}
              row={row}
              chosen={index === current}
              switching={switching !== null}
              leaving={row.orgId === leaving}
              onOpen={() => openRow(row)}
            />
          ))}
        </ul>
      )}
      {state !== null && rows.length === 0 && <NoClient state={state} filter={filter} />}
      {edited !== null && (
        <FrameEditor
          row={edited}
          others={(state?.workspaces ?? []).filter(({ orgId }) => orgId !== edited.orgId)}
          onSave={(marks) => {
            props.onChangeFrame(edited.orgId, marks);
            setEdited(null);
          }}
          onClose={() => setEdited(null)}
        />
      )}
      <footer className={styles['foot']}>
        <span>
          <Key chord="ArrowUp" /> <Key chord="ArrowDown" /> choose
        </span>
        {switching === null && rows.length > 0 && (
          <span>
            <Key chord="Control+Delete" /> remove
          </span>
        )}
        {switching === null && rows[current]?.state === 'open' && (
          <span>
            <Key chord="Control+KeyE" /> its look
          </span>
        )}
        <span>
          <Key chord="Control+KeyD" /> dark or light
        </span>
        <span>
          <Key chord="Escape" /> {switching === null ? 'close' : 'stay'}
        </span>
      </footer>
      <EnterLine framed={switching !== null} />
    </main>
  );
}

function settleText(row: KnownWorkspace | undefined, leaving: boolean, from: KnownWorkspace | null): string {
  if (row === undefined) return 'does nothing: no client is chosen';
  const { name } = row.frame;
  if (leaving) return `removes ${name} from this computer`;
  if (from !== null) return `locks ${from.frame.name}, then asks for a sign-in to ${name}`;
  return row.state === 'open' ? `shows the open window of ${name}` : `opens ${name} and asks for a sign-in`;
}
