import { useEffect, useRef, useState } from 'react';
import type { Runbook } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { frameStyle } from '../../design/frame-colours.ts';
import { FrameMark } from '../../design/frame-mark.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { countText } from '../../design/time-text.ts';
import styles from './runbooks-panel.module.css';
import type { RunbooksState } from './runbooks-store.ts';

interface RunbooksPanelProps {
  readonly state: RunbooksState;
  readonly frame: WorkspaceFrame;
  /** Where it would run; null: no session is open. */
  readonly machineName: string | null;
  readonly onChoose: (index: number) => void;
  readonly onRun: () => void;
  readonly onCopy: (runbook: Runbook) => void;
  readonly onCopyMarkdown: (runbook: Runbook) => void;
  /** Null: this person reads none in. */
  readonly onImport: (() => void) | null;
  readonly takesKeys: boolean;
  readonly onClose: () => void;
}

export function RunbooksPanel({
  state,
  frame,
  machineName,
  onChoose,
  onRun,
  onCopy,
  onCopyMarkdown,
  onImport,
  takesKeys,
  onClose,
}: RunbooksPanelProps) {
  const { runbooks, chosen, error, starting } = state;
  const rows = runbooks ?? [];
  const list = useRef<HTMLUListElement>(null);
  const step = (by: number) => onChoose(Math.min(rows.length - 1, Math.max(0, chosen + by)));
  const loaded = runbooks !== null;
  useEffect(() => {
    if (loaded) list.current?.focus();
  }, [loaded]);
  const runbook = rows[chosen];
  const [copied, setCopied] = useState<Runbook | null>(null);
  const copy = () => {
    if (runbook === undefined) return;
    onCopy(runbook);
    setCopied(runbook);
  };
  const copyMarkdown = () => {
    if (runbook === undefined) return;
    onCopyMarkdown(runbook);
    setCopied(runbook);
  };
  useKeys(
    {
      runbookDown: () => step(1),
      runbookUp: () => step(-1),
      runbookRun: () => {
        if (machineName !== null) onRun();
      },
      runbookCopy: copy,
      runbookMarkdown: copyMarkdown,
      ...(onImport === null ? {} : { runbookImport: onImport }),
      runbookBack: onClose,
    },
    takesKeys,
  );
  return (
    <section className={styles['panel']} role="dialog" aria-label="Runbooks" style={frameStyle(frame.colour)}>
      <div className={styles['head']}>
        <h2>Runbooks</h2>
        {runbook !== undefined && (
          <Button kind="quiet" onClick={copy} chord="c">
            <span aria-live="polite">{copied === runbook ? 'Copied' : 'Copy'}</span>
          </Button>
        )}
        {runbook !== undefined && (
          <Button kind="quiet" onClick={copyMarkdown} chord="m">
            Markdown
          </Button>
        )}
        {onImport !== null && (
          <Button kind="quiet" onClick={onImport} chord="i">
            Import
          </Button>
        )}
        <Button kind="quiet" onClick={onClose} chord="Escape">
          Close
        </Button>
      </div>
      {error !== null && <Notice tone="warn" role="alert" title={error.text} />}
      {runbooks !== null && rows.length === 0 && (
        <p className={styles['empty']} role="status">
          No runbooks in <ClientName frame={frame} /> yet. An administrator writes them.
        </p>
      )}
      <ul
        ref={list}
        className={styles['list']}
        role="listbox"
        aria-label="Runbooks"
        tabIndex={0}
        aria-activedescendant={runbook === undefined ? undefined : `runbook-${chosen}`}
        aria-busy={runbooks === null}
      >
        {rows.map((row, index) => (
          // Keys work on the list as a whole.
          <li
            key={row.runbookId}
            id={`runbook-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={styles['row']}
            onClick={() => onChoose(index)}
          >
            <b>{row.title}</b>
            <span className={styles['dim']}>
              version {row.version} · {countText(row.steps.length, 'step')}
            </span>
          </li>
        ))}
      </ul>
      {runbook !== undefined && (
        <Preview
          runbook={runbook}
          frame={frame}
          machineName={machineName}
          starting={starting}
          onRun={onRun}
        />
      )}
    </section>
  );
}

function Preview({
  runbook,
  frame,
  machineName,
  starting,
  onRun,
}: {
  runbook: Runbook;
  frame: WorkspaceFrame;
  machineName: string | null;
  starting: boolean;
  onRun: () => void;
}) {
  return (
    <div className={styles['preview']}>
      {runbook.description !== '' && <p className={styles['description']}>{runbook.description}</p>}
      <ol className={styles['steps']} aria-label="Steps">
        {numbered(runbook.steps).map(({ step, number }) => (
          <li key={number}>
            <span className={styles['number']}>{number}</span>
            <code>{step}</code>
          </li>
        ))}
      </ol>
      <div className={styles['target']}>
        {machineName === null ? (
          <p className={styles['dim']}>Open a session first: a runbook runs in the session that is shown.</p>
        ) : (
          <>
            <FrameMark frame={frame} />
            <p className={styles['where']}>
              <span className={styles['dim']}>Runs on</span>
              <b>{machineName}</b>
            </p>
            <Button kind="primary" onClick={onRun} disabled={starting} chord="Enter">
              {starting ? 'Starting…' : 'Run'}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

/** The same line may stand twice: a step is known by its place. */
function numbered(steps: readonly string[]): { step: string; number: number }[] {
  return steps.map((step, index) => ({ step, number: index + 1 }));
}
