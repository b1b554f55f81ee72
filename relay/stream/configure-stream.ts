// Where the record is sent: an administrator's word, with a line in the record. Addresses and tokens come in and are
// never shown again; the secret that signs batches goes out once, with the answer.
import type { VerbParams } from '#protocol/control/verbs.ts';
import { refuse } from '#protocol/errors.ts';
import { ulid } from '#protocol/ids.ts';
import { shownReceiver } from '#protocol/stream.ts';
import type { ShownReceiver } from '#protocol/stream.ts';
import { readHead } from '../audit/tree-store.ts';
import type { Outcome, WorkspaceContext } from '../workspace/context.ts';
import type { EntryRow } from '../workspace/entry-row.ts';
import { recordByPerson } from '../workspace/record-event.ts';
import { prunedUpTo } from '../retention/pruned.ts';
import { dropDue, putDue } from '../storage/due.ts';
import { sealReceiver, signingKey } from './receiver-seal.ts';
import { STREAM_DUE, storedStream } from './stream-row.ts';
import type { StreamRow } from './stream-row.ts';

export function getStream({ sql }: WorkspaceContext): Outcome<'stream.get'> {
  const row = storedStream(sql);
  if (row === null) return { ok: true, result: { stream: null } };
  const [due] = sql.exec<{ at: number }>('SELECT at FROM due WHERE key = ?', STREAM_DUE).toArray();
  const failing =
    row.failing_since === null || row.trouble === null
      ? null
      : { sinceMs: row.failing_since, trouble: row.trouble, tries: row.tries, nextTryAt: due?.at ?? null };
  const receiver = shownOf(row);
  const { signedSize: signedSeq } = readHead(sql);
  return {
    ok: true,
    result: { stream: { receiver, revision: row.revision, sentSeq: row.sent_seq, signedSeq, failing } },
  };
}

function shownOf({ kind, host, form }: StreamRow): ShownReceiver {
  return { kind, host, form };
}

/** Compare and set: `conflict` when another stream stands than the caller saw. */
export async function setStream(
  context: WorkspaceContext,
  entry: EntryRow,
  { expected, receiver, afterSeq }: VerbParams<'stream.set'>,
): Promise<Outcome<'stream.set'>> {
  const { sql, org, config, storage } = context;
  const revision = ulid(context.now(), context.random);
  const sealing = { org, revision, relaySecret: config.relaySecret };
  const sealed = receiver === null ? null : await sealReceiver(sealing, receiver, context.random);
  return storage.transactionSync(() => {
    const before = storedStream(sql);
    if ((before?.revision ?? null) !== expected) return refuse('conflict');
    const { size } = readHead(sql);
    if (afterSeq !== null && afterSeq > size) return refuse('message_invalid', 'afterSeq');
    const from = Math.max(afterSeq ?? before?.sent_seq ?? size, prunedUpTo(sql));
    if (receiver === null && before === null) return { ok: true, result: { secret: null } };
    sql.exec('DELETE FROM stream');
    const shown = receiver === null ? null : shownReceiver(receiver);
    if (shown !== null && sealed !== null) {
      sql.exec(
        'INSERT INTO stream (only, revision, kind, host, form, sealed, sent_seq) VALUES (1, ?, ?, ?, ?, ?, ?)',
        revision,
        shown.kind,
        shown.host,
        shown.form ?? null,
        sealed,
        from,
      );
      putDue(sql, STREAM_DUE, context.now(), STREAM_DUE, '');
    } else dropDue(sql, STREAM_DUE);
    recordByPerson(context, entry, 'stream.changed', `stream:${revision}`, {
      before: before === null ? null : shownOf(before),
      after: shown,
      after_seq: shown === null ? null : from,
    });
    const secret = receiver?.kind === 'webhook' ? `whsec_${signingKey(sealing).toBase64()}` : null;
    return { ok: true, result: { secret } };
  });
}
