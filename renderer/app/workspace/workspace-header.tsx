import type { ReactNode } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ClientName, isLongName } from '../../design/client-name.tsx';
import { Glyph } from '../../design/glyph.tsx';
import { Key } from '../../design/key.tsx';
import { StateDot } from '../../design/state-dot.tsx';
import type { DotState } from '../../design/state-dot.tsx';
import styles from './workspace-header.module.css';

export interface RelayLight {
  readonly dot: DotState;
  readonly text: string;
  /** What may change every second beside it. */
  readonly note?: ReactNode;
}

/**
 * Which client this window is, always: outside anything that a remote program can draw to.
 * `alarm` enlarges it, when something was sought that this client does not have.
 */
export function WorkspaceHeader({
  frame,
  person,
  role,
  relay,
  alarm,
  onLock,
}: {
  frame: WorkspaceFrame;
  person: string | null;
  role: string | null;
  relay: RelayLight;
  alarm: boolean;
  onLock: (() => void) | null;
}) {
  return (
    <header className={styles['header']} data-alarm={alarm} data-theme="dark" data-testid="workspace-header">
      <span className={styles['tile']}>
        <Glyph shape={frame.glyph} size={alarm ? 34 : 22} />
        <span>{frame.code}</span>
      </span>
      {/* Said as one word: its parts are boxes of their own here, which a screen reader would read apart. */}
      <h1 className={styles['name']} data-long={isLongName(frame)} aria-label={frame.name}>
        <ClientName frame={frame} oneLine />
      </h1>
      <div className={styles['who']}>
        {person !== null && (
          <span className={styles['person']}>
            {person}
            {role !== null && <span className={styles['role']}>{role}</span>}
          </span>
        )}
        <span className={styles['relay']} role="status" aria-label="Connection">
          <StateDot state={relay.dot} />
          <span className={styles['relayText']} data-dot={relay.dot}>
            {relay.text} {relay.note}
          </span>
        </span>
        {onLock !== null && (
          <button type="button" className={styles['lock']} onClick={onLock}>
            Lock <Key action="lock" />
          </button>
        )}
      </div>
    </header>
  );
}
