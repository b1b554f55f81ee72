import { useEffect, useRef, useState } from 'react';
import type { Runbook } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { ErrorCode } from '../../design/error-code.tsx';
import { frameStyle } from '../../design/frame-colours.ts';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { countText } from '../../design/time-text.ts';
import { RunPreview } from './run-preview.tsx';
import styles from './runbooks-panel.module.css';
import type { RunbooksState } from './runbooks-store.ts';

interface RunbooksPanelProps {
  readonly state: RunbooksState;
  readonly frame: WorkspaceFrame;
  /** Where it would run; null: no session is open. */
  readonly machineName: string | null;
  readonly onChoose: (index: number) => void;
  readonly onFill: (name: string, value: string) => void;
  readonly onConfirm: (typed: string) => void;
  readonly onRun: () => void;
  readonly onCopy: (runbook: Runbook) => void;
  readonly onCopyMarkdown: (runbook: Runbook) => void;
  /** Into a file that main's dialog asks for. */
  readonly onSaveFile: (runbook: Runbook) => void;
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
  onFill,
  onConfirm,
  onRun,
  onCopy,
  onCopyMarkdown,
  onSaveFile,
  onImport,
  takesKeys,
  onClose,
}: RunbooksPanelProps) {
  const { runbooks, chosen, error } = state;
  const rows = runbooks ?? [];
  const list = useRef<HTMLUListElement>(null);
  const fields = useRef<HTMLFormElement>(null);
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
      // To what it asks for, or to its button: never from the list into a shell.
      runbookRun: {
        does: listEnterText(runbook, machineName, state.shell !== null),
        run: () => {
          if (machineName === null) return;
          fields.current?.querySelector<HTMLElement>('input, select, [data-run]')?.focus();
        },
      },
      runbookCopy: copy,
      runbookMarkdown: copyMarkdown,
      runbookSave: () => {
        if (runbook !== undefined) onSaveFile(runbook);
      },
      ...(onImport === null ? {} : { runbookImport: onImport }),
      runbookBack: () => {
        if (fields.current?.contains(document.activeElement) === true) list.current?.focus();
        else onClose();
      },
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
        {runbook !== undefined && (
          <Button kind="quiet" onClick={() => onSaveFile(runbook)} chord="s">
            Save
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
      {error !== null && (
        <Notice tone="warn" role="alert" title={error.text}>
          <ErrorCode code={error.code} />
        </Notice>
      )}
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
        <RunPreview
          key={`${runbook.runbookId} ${runbook.version}`}
          runbook={runbook}
          state={state}
          frame={frame}
          machineName={machineName}
          fields={fields}
          onFill={onFill}
          onConfirm={onConfirm}
          onRun={onRun}
        />
      )}
    </section>
  );
}

function listEnterText(
  runbook: Runbook | undefined,
  machineName: string | null,
  knowsShell: boolean,
): string | null {
  if (runbook === undefined) return 'does nothing: no runbook is chosen';
  if (machineName === null) return 'does nothing: no session is shown to run it in';
  const [first] = runbook.parameters;
  if (first !== undefined) {
    return knowsShell
      ? `goes to the value “${first.name}”; nothing runs yet`
      : 'does nothing: values cannot be filled in on this machine';
  }
  return runbook.irreversible
    ? `goes to where ${machineName} is typed; nothing runs yet`
    : `goes to Run; nothing runs yet, one more Enter runs it on ${machineName}`;
}
