// The verbs about sessions, a part of the table in verbs.ts: to open one, to see and take what runs,
// to end it, and to run a runbook in it.
import { z } from 'zod';
import { MachineId, RunbookId, SessionId, UserId } from '../ids.ts';
import { Runbook, RunbookDraft, RunningSession, STEPS_MAX } from '../records.ts';
import { LINE_MAX } from '../runbook/fill-steps.ts';
import { ParameterName, VALUE_MAX } from '../runbook/runbook-parameter.ts';
import { ShellKind } from '../runbook/shell-quote.ts';
import { admins, everyone, operators } from './verb-roles.ts';

/** Of a terminal's screen, in cells. */
export const TerminalSize = z.object({
  cols: z.number().int().min(2).max(1000),
  rows: z.number().int().min(1).max(1000),
});
export type TerminalSize = z.infer<typeof TerminalSize>;

export const sessionVerbs = {
  /** Starts a pty. The console then connects to the session's own socket. */
  'session.open': {
    roles: operators,
    params: z.object({ machineId: MachineId, size: TerminalSize }),
    result: z.object({ sessionId: SessionId, machineId: MachineId }),
  },
  /** Sessions that have not ended, of one machine or (null) of all: the newest 100, newest first. */
  'session.list': {
    roles: everyone,
    byItself: true,
    params: z.object({ machineId: MachineId.nullable() }),
    result: z.object({ sessions: z.array(RunningSession) }),
  },
  /**
   * The keyboard of a running session is this stay's from here on. `from`: whose it was when the caller looked, else
   * `conflict`. One's own session is taken up from an older stay, whose console is let go; a colleague watches on.
   */
  'session.take': {
    roles: operators,
    params: z.object({ sessionId: SessionId, from: UserId }),
    result: z.object({}),
  },
  /** Ends a session of one's own, with what it started. Of one that has ended: nothing. */
  'session.close': { roles: operators, params: z.object({ sessionId: SessionId }), result: z.object({}) },
  /** All of this workspace. */
  'runbook.list': { roles: everyone, params: z.object({}), result: z.object({ runbooks: z.array(Runbook) }) },
  /** A new one (`runbookId` null), or the next version of one; `not_found`. */
  'runbook.save': {
    roles: admins,
    stepUp: true,
    params: RunbookDraft.safeExtend({ runbookId: RunbookId.nullable() }),
    result: Runbook,
  },
  /** How the shell of a session of one's own quotes; null: it has not said, or it is not known. */
  'session.shell': {
    roles: operators,
    params: z.object({ sessionId: SessionId }),
    result: z.object({ shell: ShellKind.nullable() }),
  },
  /**
   * Records the run of what was shown, which the console then types and the relay tells apart in this session: the
   * version (else `conflict`), judged by the rules of today, and the lines as the relay fills them in too. `confirmed`,
   * for one that cannot be undone: the client's code, a space and the machine's name.
   */
  'runbook.run': {
    roles: operators,
    params: z.object({
      runbookId: RunbookId,
      sessionId: SessionId,
      versionSha256: z.string().max(64),
      lines: z.array(z.string().max(LINE_MAX)).max(STEPS_MAX),
      values: z.record(ParameterName, z.string().max(VALUE_MAX)).default({}),
      confirmed: z.string().max(200).nullable().default(null),
    }),
    result: z.object({}),
  },
} as const;
