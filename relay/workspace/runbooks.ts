// Runbooks: named lists of shell lines, kept per workspace and versioned by hash. A run is recorded, and
// the commands that follow from it are told apart from typed ones by their exact lines, in order.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { RunbookId, ulid } from '#protocol/ids.ts';
import type { SessionId } from '#protocol/ids.ts';
import { RunbookDraft } from '#protocol/records.ts';
import type { Runbook } from '#protocol/records.ts';
import { isReportOf } from '#protocol/redaction.ts';
import { fillSteps, lineText } from '#protocol/runbook/fill-steps.ts';
import { StoredParameter } from '#protocol/runbook/runbook-parameter.ts';
import type { RunbookValues } from '#protocol/runbook/runbook-parameter.ts';
import { shellKind } from '#protocol/runbook/shell-quote.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';
import { sessionOfEntry } from './session-rows.ts';
import type { StoredSession } from './session-rows.ts';
import { currentFrame } from './stored-frame.ts';

const StoredRunbook = z.object({
  runbook_id: RunbookId,
  title: z.string(),
  description: z.string(),
  steps: z.string(),
  parameters: z.string(),
  irreversible: z.number(),
  version: z.number(),
  version_sha256: z.string(),
});

export function listRunbooks(context: WorkspaceContext): Runbook[] {
  return context.sql.exec('SELECT * FROM runbooks ORDER BY title, runbook_id').toArray().map(toRunbook);
}

function runbookById(context: WorkspaceContext, runbookId: RunbookId): Runbook | null {
  const [row] = context.sql.exec('SELECT * FROM runbooks WHERE runbook_id = ?', runbookId).toArray();
  return row === undefined ? null : toRunbook(row);
}

export function saveRunbook(
  context: WorkspaceContext,
  entry: EntryRow,
  { runbookId: givenId, ...text }: VerbParams<'runbook.save'>,
): Outcome<'runbook.save'> {
  return context.storage.transactionSync(() => {
    const before = givenId === null ? null : runbookById(context, givenId);
    if (givenId !== null && before === null) return refuse('not_found');
    const runbookId = givenId ?? RunbookId.parse(`run_${ulid(context.now(), context.random)}`);
    const version = (before?.version ?? 0) + 1;
    const { title, description, steps, parameters, irreversible } = text;
    const versionSha256 = createHash('sha256')
      .update(JSON.stringify({ title, description, steps, parameters, irreversible }))
      .digest('hex');
    context.sql.exec(
      `INSERT INTO runbooks
         (runbook_id, title, description, steps, parameters, irreversible, version, version_sha256)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (runbook_id) DO UPDATE SET title = excluded.title, description = excluded.description,
       steps = excluded.steps, parameters = excluded.parameters, irreversible = excluded.irreversible,
       version = excluded.version, version_sha256 = excluded.version_sha256`,
      runbookId,
      title,
      description,
      JSON.stringify(steps),
      JSON.stringify(parameters),
      Number(irreversible),
      version,
      versionSha256,
    );
    recordByPerson(context, entry, 'runbook.saved', `${runbookId}:saved:${version}`, {
      runbook_id: runbookId,
      version,
      version_sha256: versionSha256,
    });
    return { ok: true, result: { ...text, runbookId, version, versionSha256 } };
  });
}

/** Record the run of what was shown, in a live session of the caller's, and expect its lines there. */
export function runRunbook(
  context: WorkspaceContext,
  entry: EntryRow,
  { runbookId, sessionId, versionSha256, lines, values, confirmed }: VerbParams<'runbook.run'>,
): Outcome<'runbook.run'> {
  return context.storage.transactionSync(() => {
    const runbook = runbookById(context, runbookId);
    const session = sessionOfEntry(context, entry.entry_id, sessionId);
    if (runbook === null || session === null) return refuse('not_found');
    if (session.state === 'ended') return refuse('session_ended');
    if (runbook.versionSha256 !== versionSha256) return refuse('conflict');
    if (!RunbookDraft.safeParse(runbook).success) return refuse('runbook_outdated');
    if (runbook.irreversible && confirmed !== `${currentFrame(context).code} ${session.machine_name}`)
      return refuse('runbook_unconfirmed');
    if (commandRuns(context, sessionId)) return refuse('runbook_command_running');
    const filled = linesOf(runbook, values, session);
    if (!filled.ok) return filled;
    if (filled.lines.length !== lines.length || filled.lines.some((line, at) => line !== lines[at]))
      return refuse('runbook_not_as_shown');
    context.sql.exec('DELETE FROM runbook_steps_expected WHERE session_id = ?', sessionId);
    for (const [ordinal, line] of lines.entries()) {
      context.sql.exec(
        'INSERT INTO runbook_steps_expected (session_id, ordinal, line) VALUES (?, ?, ?)',
        sessionId,
        ordinal,
        line,
      );
    }
    recordByPerson(context, entry, 'runbook.run', `${sessionId}:run:${ulid(context.now(), context.random)}`, {
      runbook_id: runbookId,
      version_sha256: versionSha256,
      session_id: sessionId,
      machine_ids: [session.machine_id],
    });
    return { ok: true, result: {} };
  });
}

/** Then what is typed is read by that command, and not by the shell that values are quoted for. */
function commandRuns(context: WorkspaceContext, sessionId: SessionId): boolean {
  return (
    context.sql
      .exec('SELECT 1 FROM commands WHERE session_id = ? AND finished_at IS NULL LIMIT 1', sessionId)
      .toArray().length > 0
  );
}

/** One without parameters is typed as it stands, in any shell. */
function linesOf(
  runbook: Runbook,
  values: RunbookValues,
  session: StoredSession,
): Refusal | { readonly ok: true; readonly lines: readonly string[] } {
  if (runbook.parameters.length === 0) return { ok: true, lines: runbook.steps };
  const shell = session.shell === null ? null : shellKind(session.shell);
  if (shell === null) return refuse('runbook_shell_unknown');
  const { lines, problems } = fillSteps(runbook, values, shell);
  if (Object.keys(problems).length > 0) return refuse('runbook_value_refused');
  return { ok: true, lines: lines.map(lineText) };
}

/** How the shell of a session of the caller's quotes. */
export function sessionShell(
  context: WorkspaceContext,
  entry: EntryRow,
  { sessionId }: VerbParams<'session.shell'>,
): Outcome<'session.shell'> {
  const session = sessionOfEntry(context, entry.entry_id, sessionId);
  if (session === null) return refuse('not_found');
  return { ok: true, result: { shell: session.shell === null ? null : shellKind(session.shell) } };
}

/** Is this line the next step of a run in this session? Takes the step when it is. */
export function takeExpectedStep(context: WorkspaceContext, sessionId: SessionId, line: string): boolean {
  const [next] = context.sql
    .exec<{ ordinal: number; line: string }>(
      'SELECT ordinal, line FROM runbook_steps_expected WHERE session_id = ? ORDER BY ordinal LIMIT 1',
      sessionId,
    )
    .toArray();
  if (next === undefined || !isReportOf(line.trim(), next.line.trim())) return false;
  context.sql.exec(
    'DELETE FROM runbook_steps_expected WHERE session_id = ? AND ordinal = ?',
    sessionId,
    next.ordinal,
  );
  return true;
}

function toRunbook(row: Record<string, unknown>): Runbook {
  const stored = StoredRunbook.parse(row);
  return {
    runbookId: stored.runbook_id,
    title: stored.title,
    description: stored.description,
    steps: z.array(z.string()).parse(JSON.parse(stored.steps)),
    parameters: z.array(StoredParameter).parse(JSON.parse(stored.parameters)),
    irreversible: stored.irreversible === 1,
    version: stored.version,
    versionSha256: stored.version_sha256,
  };
}
