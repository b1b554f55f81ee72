// The runbooks of this client: read the steps, see where they would run, run them.
// The relay records the run; typing the steps is the session's, by app/.
// A runbook belongs to one client; there is no list above clients.
export { createRunbooks } from './runbooks-store.ts';
export { ImportDialog } from './import-dialog.tsx';
export type { RunbookFiles } from './import-dialog.tsx';
export { firstValues } from './prepared-run.ts';
export type { BegunRun, RunbooksState, RunbooksStore } from './runbooks-store.ts';
export { Runbooks } from './runbooks.tsx';
export { RunbooksPanel } from './runbooks-panel.tsx';
