import type { KeyboardEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Key } from '../../design/key.tsx';
import { isPressed } from '../../design/keys/is-pressed.ts';
import { Notice } from '../../design/notice.tsx';
import { useNow } from '../../design/use-now.ts';
import type { EnrollmentId } from '#protocol/ids.ts';
import type { OpenCode, OpenCodes } from './enrollment-store.ts';
import { leftText } from './left-text.ts';
import styles from './open-codes-list.module.css';

interface OpenCodesListProps {
  readonly codes: OpenCodes;
  readonly busy: boolean;
  readonly onChoose: (enrollmentId: EnrollmentId | null) => void;
  readonly onRotate: (code: OpenCode) => void;
  readonly onRevoke: (code: OpenCode) => void;
  /** Up from the first one. */
  readonly onLeave: () => void;
  readonly ref: React.RefObject<HTMLUListElement | null>;
}

/** Which codes can still enroll a machine, and for how long. What they read is shown once, when they are made. */
export function OpenCodesList({
  codes,
  busy,
  onChoose,
  onRotate,
  onRevoke,
  onLeave,
  ref,
}: OpenCodesListProps) {
  const now = useNow(1000);
  const rows = (codes.rows ?? []).filter(({ endsAtMs }) => endsAtMs > now);
  const chosen = rows.findIndex(({ enrollmentId }) => enrollmentId === codes.chosen);
  const code = rows[chosen];
  const step = (by: number) => {
    const next = rows[Math.min(rows.length - 1, chosen + by)];
    if (next === undefined) {
      onChoose(null);
      onLeave();
    } else onChoose(next.enrollmentId);
  };
  const onKeyDown = ({ nativeEvent: event }: KeyboardEvent) => {
    const run = (
      [
        ['enrollDown', () => step(1)],
        ['enrollUp', () => step(-1)],
        ['enrollRotate', () => code !== undefined && !busy && onRotate(code)],
        ['enrollRevoke', () => code !== undefined && !busy && onRevoke(code)],
      ] as const
    ).find(([action]) => isPressed(action, event))?.[1];
    if (run === undefined) return;
    event.preventDefault();
    run();
  };
  if (rows.length === 0 && codes.problem === null) return null;
  return (
    <section className={styles['codes']} aria-labelledby="open-codes">
      <header className={styles['head']}>
        <h3 id="open-codes">Open codes</h3>
        {code === undefined ? (
          <span className={styles['dim']}>
            <Key chord="ArrowDown" /> to choose one
          </span>
        ) : (
          <>
            <Button kind="quiet" chord="r" disabled={busy} onClick={() => onRotate(code)}>
              New code
            </Button>
            <Button kind="quiet" chord="Delete" disabled={busy} onClick={() => onRevoke(code)}>
              Revoke
            </Button>
          </>
        )}
      </header>
      {codes.problem !== null && <Notice tone="warn" role="alert" title={codes.problem} />}
      <ul
        ref={ref}
        className={styles['list']}
        role="listbox"
        aria-label="Open codes"
        tabIndex={0}
        onKeyDown={onKeyDown}
        aria-activedescendant={code === undefined ? undefined : `code-${code.enrollmentId}`}
        onFocus={() => {
          if (code === undefined) step(1);
        }}
      >
        {rows.map((row) => (
          // Keys work on the list as a whole.
          <li
            key={row.enrollmentId}
            id={`code-${row.enrollmentId}`}
            role="option"
            aria-selected={row === code}
            className={styles['row']}
            onClick={() => onChoose(row.enrollmentId)}
          >
            <b>{row.machineName}</b>
            <span className={styles['dim']}>{row.createdBy}</span>
            <span className={styles['left']}>{leftText(row.endsAtMs - now)}</span>
          </li>
        ))}
      </ul>
      {codes.more > 0 && <p className={styles['dim']}>and {codes.more} older ones</p>}
    </section>
  );
}
