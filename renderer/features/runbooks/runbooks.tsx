import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { SessionId } from '#protocol/ids.ts';
import type { Runbook } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { failureOf } from './failure-of.ts';
import { ImportDialog } from './import-dialog.tsx';
import type { RunbookFiles } from './import-dialog.tsx';
import { toMarkdown } from './runbook-markdown.ts';
import { RunbooksPanel } from './runbooks-panel.tsx';
import type { BegunRun, RunbooksStore } from './runbooks-store.ts';

interface RunbooksProps {
  readonly runbooks: RunbooksStore;
  readonly frame: WorkspaceFrame;
  /** An administrator: reads runbooks in from Markdown. */
  readonly administers: boolean;
  /** The session that is shown and takes input; null: none. */
  readonly target: { readonly sessionId: SessionId; readonly machineName: string } | null;
  readonly files: RunbookFiles;
  readonly onRun: (run: BegunRun) => void;
  /** Through main, which remembers where a text came from. */
  readonly onCopy: (text: string) => void;
  readonly onClose: () => void;
}

export function Runbooks({
  runbooks,
  frame,
  administers,
  target,
  files,
  onRun,
  onCopy,
  onClose,
}: RunbooksProps) {
  const state = useStore(runbooks.store);
  const [importing, setImporting] = useState(false);
  const versionOf = (title: string) =>
    state.runbooks?.find((runbook) => runbook.title === title)?.version ?? null;
  const sessionId = target?.sessionId ?? null;
  useEffect(() => {
    void runbooks.load(sessionId);
  }, [runbooks, sessionId]);
  const run = async () => {
    if (sessionId === null) return;
    const begun = await runbooks.begin(sessionId);
    if (begun !== null) onRun(begun);
  };
  const saveFile = async (runbook: Runbook) => {
    try {
      await files.save(fileName(runbook.title), toMarkdown(runbook));
    } catch (error) {
      runbooks.store.setState({ error: failureOf(error) });
    }
  };
  return (
    <>
      <RunbooksPanel
        state={state}
        frame={frame}
        machineName={target?.machineName ?? null}
        onChoose={runbooks.choose}
        onFill={runbooks.fill}
        onConfirm={runbooks.confirm}
        onRun={() => void run()}
        onCopy={({ steps }) => onCopy(steps.join('\n'))}
        onCopyMarkdown={(runbook) => onCopy(toMarkdown(runbook))}
        onSaveFile={(runbook) => void saveFile(runbook)}
        onImport={administers ? () => setImporting(true) : null}
        takesKeys={!importing}
        onClose={onClose}
      />
      {importing && (
        <ImportDialog
          frame={frame}
          versionOf={versionOf}
          onReadFile={files.read}
          onSave={(runbook) => {
            setImporting(false);
            void runbooks.save(runbook);
          }}
          onClose={() => setImporting(false)}
        />
      )}
    </>
  );
}

function fileName(title: string): string {
  const name = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60);
  return `${name === '' ? 'runbook' : name}.md`;
}
