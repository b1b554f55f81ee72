import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { RunbookDraft } from '#protocol/records.ts';
import { WorkspaceFrame } from '#protocol/workspace-frame.ts';

const DemoMachine = z.object({ name: z.string().regex(/^[A-Z0-9-]+$/), hostname: z.string() });
export type DemoMachine = z.infer<typeof DemoMachine>;

const DemoWorkspace = z.object({
  /** Slug in local/identity/seed.json. */
  organization: z.string(),
  frame: WorkspaceFrame,
  machines: z.array(DemoMachine),
  runbooks: z.array(RunbookDraft),
});
export type DemoWorkspace = z.infer<typeof DemoWorkspace>;

const DemoPlan = z.object({ about: z.array(z.string()), workspaces: z.array(DemoWorkspace) });

/** Read and check demo.json. @throws with the file, the path and the reason: it is ours, so a fault is a bug */
export function readDemoPlan(): readonly DemoWorkspace[] {
  const file = new URL('./demo.json', import.meta.url);
  const parsed = DemoPlan.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file.pathname}: ${z.prettifyError(parsed.error)}`);
  return parsed.data.workspaces;
}
