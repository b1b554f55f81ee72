import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { SessionId } from '#protocol/ids.ts';
import type { Runbook } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ImportDialog } from './import-dialog.tsx';
import { toMarkdown } from './runbook-markdown.ts';
import { RunbooksPanel } from './runbooks-panel.tsx';
import type { RunbooksStore } from './runbooks-store.ts';

interface RunbooksProps {
  readonly runbooks: RunbooksStore;
  readonly frame: WorkspaceFrame;
  /** An administrator: reads runbooks in from Markdown. */
  readonly administers: boolean;
  /** The session that is shown and takes input; null: none. */
  readonly target: { readonly sessionId: SessionId; readonly machineName: string } | null;
  readonly onRun: (runbook: Runbook, sessionId: SessionId) => void;
  /** Through main, which remembers where a text came from. */
  readonly onCopy: (text: string) => void;
  readonly onClose: () => void;
}

export function Runbooks({ runbooks, frame, administers, target, onRun, onCopy, onClose }: RunbooksProps) {
  const state = useStore(runbooks.store);
  const [importing, setImporting] = useState(false);
  const versionOf = (title: string) =>
    state.runbooks?.find((runbook) => runbook.title === title)?.version ?? null;
  useEffect(() => {
    void runbooks.load();
  }, [runbooks]);
  const run = async () => {
    if (target === null) return;
    const begun = await runbooks.begin(target.sessionId);
    if (begun !== null) onRun(begun, target.sessionId);
  };
  return (
    <>
      <RunbooksPanel
        state={state}
        frame={frame}
        machineName={target?.machineName ?? null}
        onChoose={runbooks.choose}
        onRun={() => void run()}
        onCopy={({ steps }) => onCopy(steps.join('\n'))}
        onCopyMarkdown={(runbook) => onCopy(toMarkdown(runbook))}
        onImport={administers ? () => setImporting(true) : null}
        takesKeys={!importing}
        onClose={onClose}
      />
      {importing && (
        <ImportDialog
          frame={frame}
          versionOf={versionOf}
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
