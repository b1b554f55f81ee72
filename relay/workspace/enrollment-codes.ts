// Enrollment codes, from an administrator's word to their end: used, rotated, revoked or expired, each end
// for good and each in the audit. The code itself is sealed and handed out once; only its row stays here.
import { z } from 'zod';
import { ENROLLMENT_LIFETIME_MS } from '#protocol/control/enrollment.ts';
import type { NewEnrollment, OpenEnrollment } from '#protocol/control/enrollment.ts';
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { parseMachineName } from '#protocol/machine-name.ts';
import { EnrollmentId, ulid, UserId } from '#protocol/ids.ts';
import { appendEvent } from '../audit/append-event.ts';
import { sealEnrollmentCode } from '../auth/machine-credentials.ts';
import { dropDue, putDue } from '../storage/due.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { recordByPerson } from './record-event.ts';

/** So long a code that ended is told apart from one that never was. */
const KEPT_MS = 30 * 24 * 60 * 60_000;
const LISTED = 200;
const EXPIRE = 'enrollment.expire';

const StoredCode = z.object({
  code_id: EnrollmentId,
  machine_name: z.string(),
  created_by: UserId,
  created_by_name: z.string(),
  created_at: z.number(),
  expires_at: z.number(),
  /** Null: open, until `expires_at`. */
  ended_as: z.enum(['used', 'expired', 'rotated', 'revoked']).nullable(),
});
export type StoredCode = z.infer<typeof StoredCode>;

export function storedCode(context: WorkspaceContext, id: EnrollmentId): StoredCode | null {
  const [row] = context.sql.exec('SELECT * FROM enrollment_codes WHERE code_id = ?', id).toArray();
  return row === undefined ? null : StoredCode.parse(row);
}

/** How the code stands now; the alarm that records an expiry may still be on its way. */
export function standingOf(code: StoredCode, now: number): 'open' | NonNullable<StoredCode['ended_as']> {
  return code.ended_as ?? (code.expires_at > now ? 'open' : 'expired');
}

/** Call inside the transaction that records why. */
export function endCode(
  context: WorkspaceContext,
  id: EnrollmentId,
  as: NonNullable<StoredCode['ended_as']>,
): void {
  context.sql.exec('UPDATE enrollment_codes SET ended_as = ? WHERE code_id = ?', as, id);
}

/** A one-time code that enrolls one machine under this name. */
export function createEnrollment(
  context: WorkspaceContext,
  entry: EntryRow,
  params: VerbParams<'enrollment.create'>,
): Outcome<'enrollment.create'> {
  const parsed = parseMachineName(params.machineName);
  if (!parsed.ok) return parsed;
  const { name: machineName } = parsed;
  return context.storage.transactionSync(() => {
    const created = addCode(context, entry, machineName);
    recordByPerson(context, entry, 'enrollment.created', `enrollment:${created.enrollmentId}:created`, {
      scope: 'machine',
      enrollment_id: created.enrollmentId,
      name: machineName,
      expires_at: created.expiresAt,
    });
    return { ok: true, result: created };
  });
}

export function listEnrollments(context: WorkspaceContext): Outcome<'enrollment.list'> {
  const open = 'FROM enrollment_codes WHERE ended_as IS NULL AND expires_at > ?';
  const now = context.now();
  const rows = context.sql.exec(`SELECT * ${open} ORDER BY rowid DESC LIMIT ?`, now, LISTED).toArray();
  const { total } = context.sql.exec<{ total: number }>(`SELECT COUNT(*) AS total ${open}`, now).one();
  const list = rows.map((row) => toOpenEnrollment(StoredCode.parse(row)));
  return { ok: true, result: { open: list, total, at: now } };
}

export function rotateEnrollment(
  context: WorkspaceContext,
  entry: EntryRow,
  { enrollmentId }: VerbParams<'enrollment.rotate'>,
): Outcome<'enrollment.rotate'> {
  return context.storage.transactionSync(() => {
    const code = openCode(context, enrollmentId);
    if ('ok' in code) return code;
    endCode(context, enrollmentId, 'rotated');
    const created = addCode(context, entry, code.machine_name);
    recordByPerson(context, entry, 'enrollment.rotated', `enrollment:${enrollmentId}:rotated`, {
      scope: 'machine',
      enrollment_id: created.enrollmentId,
      name: code.machine_name,
      expires_at: created.expiresAt,
      replaces: enrollmentId,
    });
    return { ok: true, result: created };
  });
}

export function revokeEnrollment(
  context: WorkspaceContext,
  entry: EntryRow,
  { enrollmentId }: VerbParams<'enrollment.revoke'>,
): Outcome<'enrollment.revoke'> {
  return context.storage.transactionSync(() => {
    const code = openCode(context, enrollmentId);
    if ('ok' in code) return code;
    endCode(context, enrollmentId, 'revoked');
    recordByPerson(context, entry, 'enrollment.revoked', `enrollment:${enrollmentId}:revoked`, {
      scope: 'machine',
      enrollment_id: enrollmentId,
      name: code.machine_name,
    });
    return { ok: true, result: {} };
  });
}

/** The alarm's part: what ran out unused is recorded, and the next one is awaited. */
export function expireEnrollments(context: WorkspaceContext): void {
  const now = context.now();
  context.storage.transactionSync(() => {
    const rows = context.sql
      .exec(
        'SELECT * FROM enrollment_codes WHERE ended_as IS NULL AND expires_at <= ? ORDER BY expires_at',
        now,
      )
      .toArray();
    for (const row of rows) {
      const { code_id: id, machine_name: name, expires_at } = StoredCode.parse(row);
      endCode(context, id, 'expired');
      appendEvent(context, {
        event: 'enrollment.expired',
        opId: `enrollment:${id}:expired`,
        actor: { system: 'relay' },
        device: null,
        correlationId: id,
        fields: { scope: 'machine', enrollment_id: id, name, expires_at },
      });
    }
    context.sql.exec('DELETE FROM enrollment_codes WHERE expires_at < ?', now - KEPT_MS);
    awaitExpiry(context);
  });
}

function addCode(context: WorkspaceContext, entry: EntryRow, machineName: string): NewEnrollment {
  const now = context.now();
  const enrollmentId = EnrollmentId.parse(`enr_${ulid(now, context.random)}`);
  const expiresAt = now + ENROLLMENT_LIFETIME_MS;
  context.sql.exec(
    `INSERT INTO enrollment_codes (code_id, machine_name, created_by, created_by_name, created_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    enrollmentId,
    machineName,
    entry.user_id,
    entry.name,
    now,
    expiresAt,
  );
  awaitExpiry(context);
  const sealed = { org: context.org, enrollmentId, expiresAt };
  return { enrollmentId, code: sealEnrollmentCode(context.config.relaySecret, sealed), expiresAt };
}

/** One row for all codes: it rings when the oldest open one runs out. */
function awaitExpiry(context: WorkspaceContext): void {
  const { at } = context.sql
    .exec<{
      at: number | null;
    }>('SELECT MIN(expires_at) AS at FROM enrollment_codes WHERE ended_as IS NULL')
    .one();
  if (at === null) dropDue(context.sql, EXPIRE);
  else putDue(context.sql, EXPIRE, at, EXPIRE, '');
}

function openCode(context: WorkspaceContext, id: EnrollmentId): StoredCode | Refusal {
  const code = storedCode(context, id);
  if (code === null) return refuse('not_found');
  return standingOf(code, context.now()) === 'open' ? code : refuse('conflict');
}

function toOpenEnrollment(code: StoredCode): OpenEnrollment {
  return {
    enrollmentId: code.code_id,
    machineName: code.machine_name,
    createdBy: { userId: code.created_by, name: code.created_by_name },
    createdAt: code.created_at,
    expiresAt: code.expires_at,
  };
}
