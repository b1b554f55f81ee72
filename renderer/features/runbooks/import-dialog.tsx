import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ErrorCode } from '../../design/error-code.tsx';
import { ClientDialog, DialogActions } from '../../design/client-dialog.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { isPressed } from '../../design/keys/is-pressed.ts';
import { Notice } from '../../design/notice.tsx';
import { countText } from '../../design/time-text.ts';
import { failureOf } from './failure-of.ts';
import type { CallError } from '../../connection/call-error.ts';
import styles from './import-dialog.module.css';
import { fromMarkdown } from './runbook-markdown.ts';
import type { RunbookText } from './runbook-markdown.ts';
import { StepList } from './step-list.tsx';

/** Files that a person chooses in main's dialogs. Both reject with what is wrong with the file. */
export interface RunbookFiles {
  /** Null: none was chosen. */
  readonly read: () => Promise<{ readonly name: string; readonly text: string } | null>;
  readonly save: (suggestedName: string, text: string) => Promise<void>;
}

/** A runbook from Markdown into this client: which steps it has and what it replaces, before it is saved. */
export function ImportDialog({
  frame,
  firstText = '',
  versionOf,
  onReadFile,
  onSave,
  onClose,
}: {
  frame: WorkspaceFrame;
  /** What stands in it when it opens. */
  firstText?: string;
  /** Of the runbook with that title here; null: there is none. */
  versionOf: (title: string) => number | null;
  onReadFile: RunbookFiles['read'];
  onSave: (runbook: RunbookText) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState(firstText);
  const [file, setFile] = useState<{ name: string } | { trouble: CallError } | null>(null);
  const read = fromMarkdown(text);
  const steps = read.ok ? read.runbook.steps : read.steps;
  const version = read.ok ? versionOf(read.runbook.title) : null;
  const save = () => {
    if (read.ok) onSave(read.runbook);
  };
  const chooseFile = async () => {
    try {
      const chosen = await onReadFile();
      if (chosen === null) return;
      setText(chosen.text);
      setFile({ name: chosen.name });
    } catch (error) {
      setFile({ trouble: failureOf(error) });
    }
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isPressed('runbookImportSave', event.nativeEvent)) save();
    else if (isPressed('runbookImportFile', event.nativeEvent)) void chooseFile();
    else return;
    event.preventDefault();
  };
  return (
    <ClientDialog
      frame={frame}
      title={
        <>
          A runbook into <ClientName frame={frame} />
        </>
      }
      wide
      onClose={onClose}
    >
      <div className={styles['step']} onKeyDown={onKeyDown}>
        <textarea
          className={styles['text']}
          aria-label="Markdown"
          placeholder={'# Title\n\nWhat it is for.\n\n```sh\nfirst step\n```'}
          rows={steps.length === 0 ? 12 : 8}
          autoFocus
          spellCheck={false}
          data-enter="begins a new line of the runbook"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setFile(null);
          }}
        />
        <div className={styles['said']}>
          {file !== null && 'trouble' in file && (
            <Notice tone="warn" role="alert" title={file.trouble.text}>
              <ErrorCode code={file.trouble.code} />
            </Notice>
          )}
          {text !== '' && !read.ok && (
            <Notice
              tone="warn"
              role="alert"
              title={file !== null && 'name' in file ? `${file.name}: ${read.why}` : read.why}
            >
              {read.next} <ErrorCode code={read.code} />
            </Notice>
          )}
          {text === '' && <p>Paste or type it. A text of another client is held first, as everywhere.</p>}
          {read.ok && (
            <p role="status">
              {read.runbook.irreversible && <b className={styles['irreversible']}>Cannot be undone. </b>}
              {aboutToSave(read.runbook, version)}
            </p>
          )}
        </div>
        {steps.length > 0 && (
          <div className={styles['read']}>
            <StepList lines={steps.map((line) => [{ text: line, of: 'template' }])} />
          </div>
        )}
        <DialogActions>
          <Button kind="quiet" onClick={onClose} chord="Escape">
            Cancel
          </Button>
          <Button onClick={() => void chooseFile()} chord="Control+KeyO">
            From a file
          </Button>
          <Button
            kind="primary"
            onClick={save}
            disabled={!read.ok}
            chord="Control+Enter"
            enter={`saves the runbook in ${frame.name}`}
            waits="a runbook can be read"
          >
            Save
          </Button>
        </DialogActions>
      </div>
    </ClientDialog>
  );
}

function aboutToSave({ title, steps, parameters }: RunbookText, version: number | null): string {
  const parts = [
    `“${title}”`,
    countText(steps.length, 'step'),
    ...(parameters.length === 0
      ? []
      : [countText(parameters.length, 'value to fill in', 'values to fill in')]),
  ];
  return `${parts.join(', ')}: ${version === null ? 'a new runbook.' : `version ${version + 1} of the one that is here.`}`;
}
