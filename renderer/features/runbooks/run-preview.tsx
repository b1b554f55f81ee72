import type { KeyboardEvent, RefObject } from 'react';
import { errors } from '#protocol/errors.ts';
import type { Runbook } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ErrorCode } from '../../design/error-code.tsx';
import { FrameMark } from '../../design/frame-mark.tsx';
import { Notice } from '../../design/notice.tsx';
import { prepareRun } from './prepared-run.ts';
import { RunFields } from './run-fields.tsx';
import styles from './runbooks-panel.module.css';
import type { RunbooksState } from './runbooks-store.ts';
import { StepList } from './step-list.tsx';

interface RunPreviewProps {
  readonly runbook: Runbook;
  readonly state: Pick<RunbooksState, 'shell' | 'values' | 'confirmed' | 'starting'>;
  readonly frame: WorkspaceFrame;
  readonly machineName: string | null;
  readonly fields: RefObject<HTMLFormElement | null>;
  readonly onFill: (name: string, value: string) => void;
  readonly onConfirm: (typed: string) => void;
  readonly onRun: () => void;
}

/** What would run, line by line, with what is filled in; and where. */
export function RunPreview(props: RunPreviewProps) {
  const { runbook, state, frame, machineName, fields, onRun } = props;
  const { shell, values, confirmed, starting } = state;
  const filled = prepareRun(runbook, values, shell);
  const unknownShell = machineName !== null && shell === null && runbook.parameters.length > 0;
  const confirmation = `${frame.code} ${machineName ?? ''}`;
  const missing = Object.keys(filled.problems).length > 0;
  const unconfirmed = runbook.irreversible && confirmed !== confirmation;
  const ready = machineName !== null && !missing && !unknownShell && !unconfirmed && !starting;
  /** From field to field, and to the button once nothing is missing: the run itself takes one more Enter. */
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.target instanceof HTMLElement)) return;
    if (!event.target.matches('input, select')) return;
    event.preventDefault();
    const controls = [...(fields.current?.querySelectorAll<HTMLElement>('input, select') ?? [])];
    const at = controls.indexOf(event.target);
    const next =
      controls[at + 1] ??
      controls.find((control) => control.dataset['missing'] === 'true') ??
      runButton(fields);
    next?.focus();
  };
  return (
    <form
      ref={fields}
      className={styles['preview']}
      onKeyDown={onKeyDown}
      data-enter="goes to the next value, or to Run; nothing runs yet"
      onSubmit={(event) => event.preventDefault()}
      aria-label="What would run"
    >
      {runbook.description !== '' && <p className={styles['description']}>{runbook.description}</p>}
      {unknownShell ? (
        <Notice tone="warn" title={errors.runbook_shell_unknown.text}>
          <ErrorCode code="runbook_shell_unknown" />
        </Notice>
      ) : (
        <RunFields
          {...props}
          problems={filled.problems}
          confirmation={machineName === null ? null : confirmation}
        />
      )}
      <StepList lines={filled.lines} />
      <div className={styles['target']} data-irreversible={runbook.irreversible}>
        {machineName === null ? (
          <p className={styles['dim']}>Open a session first: a runbook runs in the session that is shown.</p>
        ) : (
          <>
            <FrameMark frame={frame} />
            <p className={styles['where']}>
              <span className={styles['dim']}>
                {runbook.irreversible ? 'Cannot be undone. Runs on' : 'Runs on'}
              </span>
              <b>{machineName}</b>
            </p>
            <Button
              kind={runbook.irreversible ? 'danger' : 'primary'}
              onClick={onRun}
              disabled={!ready}
              chord="Enter"
              enter={`runs “${runbook.title}” on ${machineName}${runbook.irreversible ? ': cannot be undone' : ''}`}
              waits={waitsFor(starting, missing || unknownShell, confirmation)}
              // Held down in the list or a field, Enter goes no further than to this button.
              onKeyDown={(event) => event.repeat && event.preventDefault()}
              data-run
            >
              {starting ? 'Starting…' : 'Run'}
            </Button>
          </>
        )}
      </div>
    </form>
  );
}

function waitsFor(starting: boolean, missing: boolean, confirmation: string): string {
  if (starting) return 'the relay has answered';
  return missing ? 'every value is filled in' : `${confirmation} is typed`;
}

function runButton(form: RefObject<HTMLFormElement | null>): HTMLElement | null | undefined {
  return form.current?.querySelector<HTMLElement>('[data-run]');
}
