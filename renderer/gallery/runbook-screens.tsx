import type { ReactNode } from 'react';
import { Runbook } from '#protocol/records.ts';
import { firstValues, ImportDialog, RunbooksPanel } from '../features/runbooks/index.ts';
import type { RunbooksState } from '../features/runbooks/index.ts';
import { westside } from '../testing/example-frames.ts';
import { runbooks } from './gallery-data.ts';

const nothing = () => undefined;

const [spooler] = runbooks;
const cancelJob = Runbook.parse({
  ...spooler,
  runbookId: 'run_00000000000000000000000003',
  title: 'Cancel a print job',
  description: 'Jobs of other users are kept.',
  steps: ['lpstat -o {{queue}}', 'cancel -u {{user}} {{queue}}', 'lpstat -o {{queue}}'],
  parameters: [
    {
      name: 'queue',
      description: 'Which queue',
      default: 'front-desk',
      required: true,
      takes: { kind: 'one_of', values: ['front-desk', 'label', 'x-ray'] },
    },
    {
      name: 'user',
      description: 'Whose job it is',
      default: null,
      required: true,
      takes: { kind: 'matching', pattern: String.raw`[a-z][a-z0-9.]{1,30}` },
    },
  ],
});
const wipe = Runbook.parse({
  ...cancelJob,
  runbookId: 'run_00000000000000000000000004',
  title: 'Remove the old X-ray archive',
  description: 'What is removed is in no backup.',
  steps: ['ls -ld {{folder}}', 'rm -r -- {{folder}}'],
  parameters: [
    {
      name: 'folder',
      description: 'The archive',
      default: '/srv/xray/2019',
      required: true,
      takes: { kind: 'any' },
    },
  ],
  irreversible: true,
});

function panel(chosen: number, change: Partial<RunbooksState> = {}): ReactNode {
  const all = [cancelJob, ...runbooks, wipe];
  const values = { ...firstValues(all[chosen] ?? cancelJob), ...change.values };
  const state = { error: null, starting: false, shell: 'posix', confirmed: '' } as const;
  return (
    <RunbooksPanel
      state={{ ...state, ...change, runbooks: all, chosen, values }}
      frame={westside}
      machineName="WEST-PRINT-01"
      onChoose={nothing}
      onFill={nothing}
      onConfirm={nothing}
      onRun={nothing}
      onCopy={nothing}
      onCopyMarkdown={nothing}
      onSaveFile={nothing}
      onImport={nothing}
      takesKeys
      onClose={nothing}
    />
  );
}

export const runbookPanels: Readonly<Record<string, () => ReactNode>> = {
  runbooks: () => panel(1),
  'runbook-values': () => panel(0, { values: { user: "o'neil; reboot" } }),
  'runbook-filled': () => panel(0, { values: { user: 'm.oneil' } }),
  'runbook-irreversible': () => panel(3, { confirmed: 'DCW WEST-PR' }),
  'runbook-shell': () => panel(0, { shell: null }),
};

const WRONG = `# Cancel a print job

\`\`\`parameters
queue: Which queue
\`\`\`

\`\`\`sh
sh -c "cancel {{queue}}"
\`\`\`
`;

export function importDialog(text = ''): ReactNode {
  return (
    <ImportDialog
      frame={westside}
      firstText={text}
      versionOf={() => 2}
      onReadFile={() => Promise.resolve(null)}
      onSave={nothing}
      onClose={nothing}
    />
  );
}

const READ = `# Remove the old X-ray archive

What is removed is in no backup.

\`\`\`sh irreversible
ls -ld /srv/xray/2019
du -sh /srv/xray/2019
find /srv/xray/2019 -type f -newermt 2020-01-01 -print -quit
rm -r -- /srv/xray/2019
test ! -e /srv/xray/2019 && echo gone
df -h /srv
systemctl --no-pager status xray-archive.service
\`\`\`
`;

export const readImport = () => importDialog(READ);
export const wrongImport = () => importDialog(WRONG);
