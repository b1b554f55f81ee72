// Tokens that were good when they were issued and are not any more: of a sign-in, a person or everyone,
// up to a time of the identity service's clock. Such tokens live a minute; what was told of them, a while.
import type { ErrorCode } from '#protocol/errors.ts';
import { isErrorCode } from '#protocol/errors.ts';
import type { ClerkSessionId, UserId } from '#protocol/ids.ts';
import type { VerifiedPerson } from '../auth/clerk-token.ts';
import type { WorkspaceContext } from './context.ts';

/** `everyone`: the organization itself is gone. */
export type BarredParty = ClerkSessionId | UserId | 'everyone';

const KEPT_MS = 10 * 60_000;

/**
 * Refuse tokens of `who` that were issued at `untilMs` or before.
 * @param code what they are refused with
 */
export function bar(context: WorkspaceContext, who: BarredParty, untilMs: number, code: ErrorCode): void {
  const now = context.now();
  context.sql.exec('DELETE FROM barred WHERE noted_at < ?', now - KEPT_MS);
  context.sql.exec(
    `INSERT INTO barred (who, code, until_ms, noted_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (who, code) DO UPDATE SET until_ms = MAX(until_ms, excluded.until_ms), noted_at = excluded.noted_at`,
    who,
    code,
    untilMs,
    now,
  );
}

/** The code to refuse this person's token with; null: it is good. */
export function barredCode(context: WorkspaceContext, person: VerifiedPerson): ErrorCode | null {
  const [row] = context.sql
    .exec<{ code: string }>(
      `SELECT code FROM barred WHERE who IN (?, ?, 'everyone') AND until_ms >= ?
       ORDER BY code = 'access_revoked' DESC LIMIT 1`,
      person.sid,
      person.userId,
      person.issuedAt,
    )
    .toArray();
  return row !== undefined && isErrorCode(row.code) ? row.code : null;
}
