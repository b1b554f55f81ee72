import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientDialog, DialogActions } from '../../design/client-dialog.tsx';
import { ClientName } from '../../design/client-name.tsx';
import styles from './import-dialog.module.css';
import { fromMarkdown } from './runbook-markdown.ts';
import type { RunbookText } from './runbook-markdown.ts';

/** A runbook from Markdown into this client: which steps it has and what it replaces, before it is saved. */
export function ImportDialog({
  frame,
  versionOf,
  onSave,
  onClose,
}: {
  frame: WorkspaceFrame;
  /** Of the runbook with that title here; null: there is none. */
  versionOf: (title: string) => number | null;
  onSave: (runbook: RunbookText) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const read = fromMarkdown(text);
  const version = read.ok ? versionOf(read.runbook.title) : null;
  const save = () => {
    if (read.ok) onSave(read.runbook);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !event.ctrlKey) return;
    event.preventDefault();
    save();
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
      <div className={styles['step']}>
        <textarea
          className={styles['text']}
          aria-label="Markdown"
          placeholder={'# Title\n\nWhat it is for.\n\n```sh\nfirst step\n```'}
          rows={12}
          autoFocus
          spellCheck={false}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={onKeyDown}
        />
        <p className={styles['said']} role="status">
          {text === '' && 'Paste or type it. A text of another client is held first, as everywhere.'}
          {text !== '' && !read.ok && read.why}
          {read.ok && `“${read.runbook.title}”, ${read.runbook.steps.length} steps: `}
          {read.ok &&
            (version === null ? 'a new runbook.' : `version ${version + 1} of the one that is here.`)}
        </p>
        <DialogActions>
          <Button kind="quiet" onClick={onClose} chord="Escape">
            Cancel
          </Button>
          <Button kind="primary" onClick={save} disabled={!read.ok} chord="Control+Enter">
            Save
          </Button>
        </DialogActions>
      </div>
    </ClientDialog>
  );
}
