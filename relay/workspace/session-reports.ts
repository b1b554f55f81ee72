// Turns a session's reports into rows and audit events, each once: the operation id decides.
import type { AuditEventName, AuditFields } from '#protocol/audit-events.ts';
import type { CommandId, SessionId } from '#protocol/ids.ts';
import type { CommandRecord } from '#protocol/records.ts';
import type { SessionReport } from '../terminal/session-report.ts';
import { appendGroup } from '../audit/append-event.ts';
import { dropDue } from '../storage/due.ts';
import { connectAttempt } from './attempts.ts';
import { storedCommand } from './command-row.ts';
import type { WorkspaceContext } from './context.ts';
import { entryById } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';
import { takeExpectedStep } from './runbooks.ts';
import { storedSession } from './session-rows.ts';
import type { StoredSession } from './session-rows.ts';

/** @returns the commands that the reports were about, as they now stand */
export function recordReports(
  workspace: WorkspaceContext,
  sessionId: SessionId,
  reports: readonly SessionReport[],
): CommandRecord[] {
  return appendGroup(workspace, (context) => {
    const touched: CommandId[] = [];
    for (const report of reports) {
      const session = storedSession(context, sessionId);
      if (session === null) return [];
      applyReport(context, session, report);
      if ('commandId' in report) touched.push(report.commandId);
    }
    return [...new Set(touched)].flatMap((commandId) => {
      const command = storedCommand(context, sessionId, commandId);
      return command === null ? [] : [command];
    });
  });
}

function applyReport(context: WorkspaceContext, session: StoredSession, report: SessionReport): void {
  const { session_id: sessionId } = session;
  const now = context.now();
  switch (report.type) {
    case 'started': {
      const { cols, rows, machine_id } = session;
      const { shell, user } = report;
      const fields = { session_id: sessionId, machine_id, shell, user, cols, rows, recording_id: sessionId };
      if (!record(context, session, 'session.started', report.opId, fields)) return;
      context.sql.exec(
        "UPDATE sessions SET state = 'live', started_at = ?, shell = ? WHERE session_id = ? AND state = 'opening'",
        now,
        shell,
        sessionId,
      );
      dropDue(context.sql, `start:${sessionId}`);
      const entry = entryById(context, session.entry_id);
      if (entry !== null) connectAttempt(context, entry, session);
      return;
    }
    case 'command.started':
      return startCommand(context, session, report);
    case 'command.finished': {
      const { commandId, exitCode, durationMs, trusted, outputEndBytes, opId } = report;
      const fields = {
        session_id: sessionId,
        command_id: commandId,
        exit_code: exitCode,
        duration_ms: durationMs,
        trusted,
      };
      if (!record(context, session, 'command.finished', opId, fields)) return;
      context.sql.exec(
        `UPDATE commands SET finished_at = ?, duration_ms = ?, exit_code = ?, trusted = trusted AND ?, output_end = ?
         WHERE session_id = ? AND command_id = ?`,
        now,
        durationMs,
        exitCode,
        Number(trusted),
        outputEndBytes,
        sessionId,
        commandId,
      );
      return;
    }
    case 'input.redacted': {
      const fields = { session_id: sessionId, bytes: report.bytes, reason: 'echo off' } as const;
      if (!record(context, session, 'input.redacted', report.opId, fields)) return;
      context.sql.exec('UPDATE sessions SET redactions = redactions + 1 WHERE session_id = ?', sessionId);
      return;
    }
    case 'interrupted':
      record(context, session, 'session.interrupted', report.opId, {
        session_id: sessionId,
        offset_in: report.bytesIn,
        offset_out: report.bytesOut,
      });
      return;
    case 'resumed': {
      const { bytesIn, bytesOut, gapMs } = report;
      const fields = { session_id: sessionId, offset_in: bytesIn, offset_out: bytesOut, gap_ms: gapMs };
      if (!record(context, session, 'session.resumed', report.opId, fields)) return;
      context.sql.exec(
        'INSERT OR IGNORE INTO interruptions (session_id, at, gap_ms) VALUES (?, ?, ?)',
        sessionId,
        now - gapMs,
        gapMs,
      );
      return;
    }
    case 'ended':
      return endSession(context, session, report);
  }
}

function startCommand(
  context: WorkspaceContext,
  session: StoredSession,
  report: Extract<SessionReport, { type: 'command.started' }>,
): void {
  const { commandId, line, lineHmac, cwd, trusted, outputOffsetBytes, opId } = report;
  const { session_id: sessionId } = session;
  if (storedCommand(context, sessionId, commandId) !== null) return;
  const source = takeExpectedStep(context, sessionId, line) ? 'runbook' : 'integration';
  const fields = {
    session_id: sessionId,
    command_id: commandId,
    line,
    line_hmac: lineHmac,
    cwd,
    source,
    trusted,
  } as const;
  if (!record(context, session, 'command.started', opId, fields)) return;
  context.sql.exec(
    `INSERT INTO commands (session_id, command_id, line, cwd, started_at, source, trusted, output_offset)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    sessionId,
    commandId,
    line,
    cwd,
    context.now(),
    source,
    Number(trusted),
    outputOffsetBytes,
  );
}

function endSession(
  context: WorkspaceContext,
  session: StoredSession,
  report: Extract<SessionReport, { type: 'ended' }>,
): void {
  const { session_id: sessionId } = session;
  if (session.state === 'ended') return;
  const { reason, exitCode, bytesIn, bytesOut, recordingSha256 } = report;
  context.sql.exec(
    `UPDATE sessions SET state = 'ended', ended_at = ?, end_reason = ?, exit_code = ?, bytes_in = ?, bytes_out = ?,
     recording_sha256 = ? WHERE session_id = ?`,
    context.now(),
    reason,
    exitCode,
    bytesIn,
    bytesOut,
    recordingSha256,
    sessionId,
  );
  dropDue(context.sql, `start:${sessionId}`);
  dropDue(context.sql, `end:${sessionId}`);
  if (session.state === 'opening') {
    const detail = 'The shell did not start.';
    const fields = { session_id: sessionId, machine_id: session.machine_id, detail };
    record(context, session, 'session.failed', report.opId, fields);
    return;
  }
  const commands = context.sql
    .exec<{ total: number; untrusted: number }>(
      'SELECT COUNT(*) AS total, COUNT(*) FILTER (WHERE NOT trusted) AS untrusted FROM commands WHERE session_id = ?',
      sessionId,
    )
    .one();
  record(context, session, 'session.ended', report.opId, {
    session_id: sessionId,
    reason,
    exit_code: exitCode,
    bytes_in: bytesIn,
    bytes_out: bytesOut,
    commands: commands.total,
    untrusted_commands: commands.untrusted,
    redactions: session.redactions,
    recording_sha256: recordingSha256,
  });
}

function record<E extends AuditEventName>(
  context: WorkspaceContext,
  session: StoredSession,
  event: E,
  opId: string,
  fields: AuditFields<E>,
): boolean {
  const entry = entryById(context, session.entry_id);
  if (entry === null) throw new Error('A session without its entry.');
  return recordByPerson(context, entry, event, opId, fields, { correlationId: session.session_id });
}
