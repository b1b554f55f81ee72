import { useEffect, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { OfferedWorkspace } from '#contract/window-state.ts';
import type { OrgId } from '#protocol/ids.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { frameStyle } from '../../design/frame-colours.ts';
import { EnterLine } from '../../design/enter/enter-line.tsx';
import { FrameMark } from '../../design/frame-mark.tsx';
import { KeyHints } from '../../design/key-hints.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { countText } from '../../design/time-text.ts';
import styles from './add-clients-screen.module.css';
import type { AddClientsState } from './add-clients-store.ts';

interface AddClientsScreenProps {
  readonly state: AddClientsState;
  readonly signIn: ReactNode;
  readonly onMove: (to: number) => void;
  readonly onToggle: (orgId: OrgId) => void;
  readonly onToggleAll: () => void;
  readonly onAdd: () => void;
  readonly onRetry: () => void;
  readonly onCancel: () => void;
}

type Choosing = Extract<AddClientsState, { kind: 'choosing' }>;

export function AddClientsScreen(props: AddClientsScreenProps) {
  const { state, onCancel } = props;
  useKeys({ addCancel: onCancel });
  return (
    <main className={styles['add']}>
      <header>
        <h1 className={styles['title']}>Add clients</h1>
        <p className={styles['sub']}>
          {state.kind === 'choosing'
            ? 'You are signed out again. Each client asks for its own sign-in when you open it.'
            : 'Sign in once to see the clients you work for. It opens none of them, and nothing of it stays.'}
        </p>
      </header>
      <Stage {...props} />
      <EnterLine framed={false} />
    </main>
  );
}

function Stage(props: AddClientsScreenProps) {
  const { state, signIn, onRetry, onCancel } = props;
  switch (state.kind) {
    case 'sign_in':
      return (
        <>
          <div className={styles['middle']}>
            <div className={styles['column']}>{signIn}</div>
          </div>
          <KeyHints hints={CANCEL} />
        </>
      );
    case 'listing':
      return (
        <div className={styles['middle']}>
          <p className={styles['sub']} role="status">
            Asking for your clients…
          </p>
        </div>
      );
    case 'failed':
      return (
        <>
          <div className={styles['middle']}>
            <Notice
              tone="warn"
              role="alert"
              title={state.text}
              actions={
                <Button onClick={onRetry} autoFocus chord="Enter">
                  Try again
                </Button>
              }
            />
          </div>
          <KeyHints hints={CANCEL} />
        </>
      );
    case 'choosing':
      return state.offered.some(({ known }) => !known) ? (
        <Choose {...props} state={state} />
      ) : (
        <>
          <div className={styles['middle']}>
            <p role="status">
              {state.offered.length === 0
                ? 'Your account belongs to no client. Ask an administrator to invite you.'
                : 'All your clients are on this computer already.'}
            </p>
            <Button kind="primary" onClick={onCancel} autoFocus chord="Enter">
              Back to the launcher
            </Button>
          </div>
          <KeyHints hints={CANCEL} />
        </>
      );
  }
}

function Choose({
  state,
  onMove,
  onToggle,
  onToggleAll,
  onAdd,
  onCancel,
}: AddClientsScreenProps & { state: Choosing }) {
  const { offered, chosen, current, problem } = state;
  const list = useRef<HTMLUListElement>(null);
  const clients = countText(chosen.size, 'client');
  useKeys({
    addAll: onToggleAll,
    addConfirm: {
      does: chosen.size === 0 ? null : `adds ${clients} to this computer`,
      run: onAdd,
    },
  });
  useEffect(() => list.current?.focus(), []);
  useEffect(() => {
    list.current?.children[current]?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      Home: 0,
      End: offered.length - 1,
    }[event.key];
    const at = offered[current];
    if (to !== undefined) onMove(to);
    else if (event.key === ' ' && at !== undefined) onToggle(at.orgId);
    else return;
    event.preventDefault();
  };
  return (
    <>
      {problem !== null && <Notice tone="warn" role="alert" title={problem} />}
      <ul
        ref={list}
        className={styles['list']}
        role="listbox"
        aria-label="Your clients"
        aria-multiselectable="true"
        aria-activedescendant={offered[current] === undefined ? undefined : `offer-${current}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {offered.map((one, index) => (
          <Row
            key={one.orgId}
            id={`offer-${index}`}
            offer={one}
            chosen={chosen.has(one.orgId)}
            current={index === current}
            onToggle={() => {
              onMove(index);
              onToggle(one.orgId);
            }}
          />
        ))}
      </ul>
      <div className={styles['actions']}>
        <Button kind="quiet" onClick={onCancel} chord="Escape">
          Cancel
        </Button>
        <Button kind="primary" onClick={onAdd} disabled={chosen.size === 0} chord="Enter">
          {chosen.size === 0 ? 'Choose clients to add' : `Add ${clients}`}
        </Button>
      </div>
      <KeyHints hints={CHOOSE} />
    </>
  );
}

function Row({
  id,
  offer,
  chosen,
  current,
  onToggle,
}: {
  id: string;
  offer: OfferedWorkspace;
  chosen: boolean;
  current: boolean;
  onToggle: () => void;
}) {
  const { frame, known } = offer;
  return (
    // The list has the keys; a pointer may choose as well.
    <li
      id={id}
      className={styles['row']}
      role="option"
      aria-selected={chosen}
      aria-disabled={known}
      data-current={current}
      style={frameStyle(frame.colour)}
      onClick={onToggle}
    >
      <span className={styles['box']} data-chosen={chosen} aria-hidden="true" />
      <FrameMark frame={frame} />
      <span className={styles['name']}>
        <ClientName frame={frame} />
      </span>
      {known && <span className={styles['known']}>on this computer</span>}
    </li>
  );
}

const CANCEL = [{ chords: ['Escape'], does: 'cancel' }];
const CHOOSE = [
  { chords: ['ArrowUp', 'ArrowDown'], does: 'move' },
  { chords: ['Space'], does: 'choose' },
  { chords: ['Control+KeyA'], does: 'all or none' },
];
