// Entries: one authenticated stay of one person in this workspace. Opened by a fresh sign-in, joined by
// reconnects, ended for good by leaving, revocation or a console that stays away; an ended entry's
// sign-in is spent, and its sessions are ended or kept for a later stay (docs/decisions/0011).
import type { AuditDevice } from '#protocol/audit-envelope.ts';
import type { LeaveReason, VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import type { ErrorCode, Refusal } from '#protocol/errors.ts';
import { EntryId, ulid } from '#protocol/ids.ts';
import type { AttemptReason, SessionEndReason } from '#protocol/records.ts';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
import { dropDue, putDue } from '../storage/due.ts';
import { abortAttempt, openAttemptOf } from './attempts.ts';
import { barredCode } from './barred.ts';
import type { WorkspaceContext } from './context.ts';
import { noteProof } from './entry-role.ts';
import { entryById, entryBySid } from './entry-row.ts';
import type { EntryRow } from './entry-row.ts';
import { currentPolicy } from './policy.ts';
import { recordByPerson } from './record-event.ts';
import { keepForGrace } from './running-sessions.ts';
import { openSessionsOf } from './session-rows.ts';
import { currentFrame } from './stored-frame.ts';
import { watchEntry, watchLimits, watchProof } from './watch-entry.ts';

export type EntryEnd = LeaveReason | 'timed_out' | 'access_revoked' | 'idle' | 'max_age';

const ATTEMPT_REASON: Record<EntryEnd, AttemptReason> = {
  switched: 'switched',
  locked: 'locked',
  closed: 'closed',
  signed_out: 'closed',
  timed_out: 'timed_out',
  access_revoked: 'denied',
  idle: 'timed_out',
  max_age: 'timed_out',
};
const SESSION_REASON: Record<EntryEnd, SessionEndReason> = {
  switched: 'locked',
  locked: 'locked',
  closed: 'closed',
  signed_out: 'closed',
  timed_out: 'timed_out',
  access_revoked: 'access_revoked',
  idle: 'timed_out',
  max_age: 'timed_out',
};
/** Said to be over, or not allowed any more. After everything else the person may come back to what runs. */
const ENDS_SESSIONS: ReadonlySet<EntryEnd> = new Set(['closed', 'signed_out', 'access_revoked']);
/** What a console that comes back to an ended entry is told. */
const ENDED_CODE: Readonly<Record<string, ErrorCode>> = {
  idle: 'entry_idle',
  max_age: 'entry_max_age',
  access_revoked: 'access_revoked',
};

/** Join the live entry of this sign-in, or open one when the sign-in is fresh. Call inside a transaction. */
export function enter(
  context: WorkspaceContext,
  person: VerifiedPerson,
  ip: string | null,
  params: VerbParams<'workspace.enter'>,
): { readonly ok: true; readonly entry: EntryRow; readonly resumed: boolean } | Refusal {
  const device: AuditDevice = {
    install_id: params.device.installId,
    app_version: params.device.appVersion,
    window_id: params.device.windowId,
    ip,
  };
  const known = entryBySid(context, person.sid);
  if (known !== null) {
    if (known.user_id !== person.userId) return refuse('token_invalid');
    // The SignIn object refuses it as well; this does not wait for that object to have been told.
    if (known.ended_at !== null) return refuse(ENDED_CODE[known.end_reason ?? ''] ?? 'entry_ended');
    const entry = noteProof(context, comeBack(context, known, device), person);
    return { ok: true, entry, resumed: true };
  }
  const policy = currentPolicy(context);
  const { freshSignInMinutes } = policy;
  if (policy.secondFactor && person.secondFactorMinutes === null) return refuse('second_factor_required');
  const fresh =
    isRecent(person.firstFactorMinutes, freshSignInMinutes) &&
    (!policy.secondFactor || isRecent(person.secondFactorMinutes, freshSignInMinutes));
  if (!fresh) return refuse('sign_in_not_fresh');

  const now = context.now();
  const entryId = EntryId.parse(`ent_${ulid(now, context.random)}`);
  context.sql.exec(
    `INSERT INTO entries (entry_id, sid, user_id, name, role, device, auth_at, factor, opened_at, active_at, proved_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    entryId,
    person.sid,
    person.userId,
    person.name,
    person.role,
    JSON.stringify(device),
    firstFactorAt(person),
    person.secondFactorMinutes === null ? 'first' : 'second',
    now,
    now,
    person.issuedAt,
  );
  const entry = entryById(context, entryId);
  if (entry === null) throw new Error('The entry was not stored.');
  recordEntered(context, entry, params.via, `${entryId}:entered`);
  watchEntry(context, entry);
  watchLimits(context, entry, policy);
  watchProof(context, entryId, person);
  return { ok: true, entry, resumed: false };
}

/**
 * The console is here again. From another computer, address or window than before it is recorded, and what follows is
 * told of that one: a token that was carried off joins a stay as well.
 */
function comeBack(context: WorkspaceContext, known: EntryRow, from: AuditDevice): EntryRow {
  const entry = { ...known, vanished_at: null, device: JSON.stringify(from) };
  context.sql.exec(
    'UPDATE entries SET vanished_at = NULL, device = ? WHERE entry_id = ?',
    entry.device,
    entry.entry_id,
  );
  if (entry.device !== known.device) {
    recordEntered(
      context,
      entry,
      'reconnect',
      `${entry.entry_id}:moved:${ulid(context.now(), context.random)}`,
    );
  }
  return entry;
}

/**
 * A factor was verified within the last minute: the switch ceremony came back to this open entry, or a
 * sensitive verb is about to follow (docs/decisions/0016).
 */
export function reverify(
  context: WorkspaceContext,
  entry: EntryRow,
  person: VerifiedPerson,
  purpose: VerbParams<'workspace.reverify'>['purpose'],
): Refusal | null {
  if (person.sid !== entry.sid || person.userId !== entry.user_id) return refuse('token_invalid');
  // Verifying the token took its time: the entry may have been left meanwhile.
  const current = entryById(context, entry.entry_id);
  if (current === null || current.ended_at !== null) return refuse('entry_ended');
  // Kept from before: it proves nothing that was done since.
  if (person.issuedAt < current.proved_at) return refuse('sign_in_not_fresh');
  const barred = barredCode(context, person);
  if (barred !== null) return refuse(barred);
  if (!isRecent(person.firstFactorMinutes, 0)) return refuse('sign_in_not_fresh');
  context.storage.transactionSync(() => {
    const authAt = firstFactorAt(person);
    context.sql.exec('UPDATE entries SET auth_at = ? WHERE entry_id = ?', authAt, entry.entry_id);
    if (purpose === 'step_up') return;
    recordEntered(
      context,
      { ...entry, auth_at: authAt },
      'switch',
      `${entry.entry_id}:reverified:${ulid(context.now(), context.random)}`,
    );
  });
  return null;
}

/** End an entry for good; nothing happens when it has ended. Its sockets are the caller's to close. */
export function endEntry(context: WorkspaceContext, entry: EntryRow, reason: EntryEnd): void {
  if (entryById(context, entry.entry_id)?.ended_at !== null) return;
  context.pendingSearches.settleNow(entry.entry_id);
  context.storage.transactionSync(() => {
    const now = context.now();
    const { entry_id: entryId } = entry;
    if (reason === 'switched') {
      recordByPerson(context, entry, 'workspace.switch_requested', `${entryId}:switch`, {
        entry_id: entryId,
      });
    }
    const attempt = openAttemptOf(context, entryId);
    if (attempt !== null) {
      abortAttempt(context, entry, attempt, ATTEMPT_REASON[reason], reason === 'switched' ? now : null);
    }
    context.sql.exec(
      'UPDATE entries SET ended_at = ?, end_reason = ? WHERE entry_id = ?',
      now,
      reason,
      entryId,
    );
    const event = reason === 'closed' || reason === 'signed_out' ? 'workspace.left' : 'workspace.locked';
    recordByPerson(context, entry, event, `${entryId}:ended`, { entry_id: entryId, reason });
    dropDue(context.sql, `entry:${entryId}`);
    dropDue(context.sql, `limit:${entryId}`);
    putDue(context.sql, `spend:${entry.sid}`, now, 'spend', entry.sid);
    putDue(context.sql, `leave:${entryId}`, now, 'sessions.leave', entryId);
    for (const { session_id: sessionId } of openSessionsOf(context, entryId)) {
      if (ENDS_SESSIONS.has(reason)) {
        const arg = JSON.stringify({ sessionId, reason: SESSION_REASON[reason] });
        putDue(context.sql, `end:${sessionId}`, now, 'session.end', arg);
      } else keepForGrace(context, entry, sessionId, SESSION_REASON[reason]);
    }
  });
  context.runDueNow();
}

/** Does this token show a factor that was verified lately enough for a sensitive verb? */
export function isSteppedUp(context: WorkspaceContext, person: VerifiedPerson): boolean {
  if (person.firstFactorMinutes === null) return false;
  return context.now() - firstFactorAt(person) < (currentPolicy(context).stepUpMinutes + 1) * 60_000;
}

/** Factor ages are whole minutes, rounded down. */
function isRecent(factorMinutes: number | null, withinMinutes: number): boolean {
  return factorMinutes !== null && factorMinutes <= withinMinutes;
}

function firstFactorAt(person: VerifiedPerson): number {
  return person.issuedAt - (person.firstFactorMinutes ?? 0) * 60_000;
}

function recordEntered(
  context: WorkspaceContext,
  entry: EntryRow,
  via: VerbParams<'workspace.enter'>['via'],
  opId: string,
): void {
  const { colour, glyph, code } = currentFrame(context);
  recordByPerson(context, entry, 'workspace.entered', opId, {
    entry_id: entry.entry_id,
    via,
    auth_age_s: Math.max(0, Math.round((context.now() - entry.auth_at) / 1000)),
    frame: { colour, glyph, code },
  });
}
