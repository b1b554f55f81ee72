// Sends the record to its receiver, batch after batch, beside everything else that the workspace does: nobody waits for
// it. At least once: a batch is written down before it is sent and forgotten when it was taken, so a relay that dies in
// between sends it again, marked. What must happen later is in table `due`, so a receiver may be away for as long as it likes.
import { ulid } from '#protocol/ids.ts';
import type { StreamTrouble } from '#protocol/stream.ts';
import { appendEvent } from '../audit/append-event.ts';
import type { AuditSigner } from '../audit/audit-signer.ts';
import { readHead } from '../audit/tree-store.ts';
import { log, messageOf } from '../log.ts';
import { dropDue, putDue } from '../storage/due.ts';
import { nextEvents } from './batch.ts';
import type { Batch } from './batch.ts';
import { openReceiver, signingKey } from './receiver-seal.ts';
import type { Receivers } from './receivers.ts';
import { sendSyslog } from './send-syslog.ts';
import { sendWebhook } from './send-webhook.ts';
import { STREAM_DUE, storedStream } from './stream-row.ts';
import type { StreamRow } from './stream-row.ts';

export interface StreamSender extends AuditSigner {
  readonly receivers: Receivers;
  readonly background: (task: () => Promise<void>) => void;
  /** Run what is due now and set the alarm for the rest. */
  readonly runDueNow: () => void;
}

/** While batches are on their way the task stands in table `due` so far ahead, for whoever comes after a crash. */
const AFTER_A_CRASH_MS = 2000;
const AGAIN_MAX_MS = 60_000;
/** So many tries of one batch, and the record says that the stream is interrupted. */
const TOLD_AFTER_TRIES = 5;

export class StreamDelivery {
  readonly #sender: StreamSender;
  #running = false;

  constructor(sender: StreamSender) {
    this.#sender = sender;
  }

  /** Send what is there to send, if nobody does already. Returns at once. */
  wake(): void {
    const { sql, now, background } = this.#sender;
    if (storedStream(sql) === null) return dropDue(sql, STREAM_DUE);
    putDue(sql, STREAM_DUE, now() + AFTER_A_CRASH_MS, STREAM_DUE, '');
    if (this.#running) return;
    this.#running = true;
    background(async () => {
      try {
        while (await this.#sendNext()) putDue(sql, STREAM_DUE, now() + AFTER_A_CRASH_MS, STREAM_DUE, '');
      } finally {
        this.#running = false;
        // Its row in table `due` says when to go on.
        this.#sender.runDueNow();
      }
    });
  }

  /** @returns whether to go on at once */
  async #sendNext(): Promise<boolean> {
    const { sql, now } = this.#sender;
    const begun = this.#beginBatch();
    if (begun === null) {
      dropDue(sql, STREAM_DUE);
      return false;
    }
    const { row, batch } = begun;
    const trouble = await this.#send(row, batch);
    if (storedStream(sql)?.revision !== row.revision) return true;
    if (trouble === null) {
      this.#taken(row, batch);
      return true;
    }
    this.#failed(row, batch, trouble);
    putDue(sql, STREAM_DUE, now() + Math.min(AGAIN_MAX_MS, 1000 * 2 ** row.tries), STREAM_DUE, '');
    return false;
  }

  /** The batch that was not taken yet, or the next one. */
  #beginBatch(): { readonly row: StreamRow; readonly batch: Batch } | null {
    const { sql, org } = this.#sender;
    const row = storedStream(sql);
    if (row === null) return null;
    const upTo = row.sending_seq ?? readHead(sql).signedSize;
    const events = nextEvents(sql, row.sent_seq, upTo);
    if (events.length === 0) return null;
    const [firstSeq, lastSeq] = [row.sent_seq + 1, row.sent_seq + events.length];
    sql.exec('UPDATE stream SET sending_seq = ?, tries = tries + 1', lastSeq);
    return { row, batch: { org, firstSeq, lastSeq, attempt: row.tries + 1, events } };
  }

  async #send({ revision, sealed }: StreamRow, batch: Batch): Promise<StreamTrouble | null> {
    const { org, config, now, receivers } = this.#sender;
    const sealing = { org, revision, relaySecret: config.relaySecret };
    const receiver = await openReceiver(sealing, sealed);
    if (receiver === null) {
      log('stream.sealed_otherwise', { org });
      return 'unreachable';
    }
    try {
      return receiver.kind === 'webhook'
        ? await sendWebhook(receiver, batch, signingKey(sealing), { receivers, now })
        : await sendSyslog(receiver, batch, { receivers });
    } catch (error) {
      log('stream.failed', { org, error: messageOf(error) });
      return 'unreachable';
    }
  }

  #taken({ told, sent_seq: sentSeq }: StreamRow, { lastSeq }: Batch): void {
    const { sql, storage } = this.#sender;
    storage.transactionSync(() => {
      sql.exec(
        `UPDATE stream SET sent_seq = ?, sending_seq = NULL, tries = 0, failing_since = NULL, trouble = NULL, told = 0`,
        lastSeq,
      );
      if (told === 1) this.#record('stream.resumed', { after_seq: sentSeq });
    });
  }

  #failed(row: StreamRow, { attempt }: Batch, trouble: StreamTrouble): void {
    const { sql, storage, now, org } = this.#sender;
    const since = row.failing_since ?? now();
    const tells = row.told === 0 && attempt >= TOLD_AFTER_TRIES;
    storage.transactionSync(() => {
      sql.exec(
        'UPDATE stream SET failing_since = ?, trouble = ?, told = MAX(told, ?)',
        since,
        trouble,
        Number(tells),
      );
      if (tells) this.#record('stream.interrupted', { after_seq: row.sent_seq, since, trouble });
    });
    log('stream.not_taken', { org, afterSeq: row.sent_seq, attempt, trouble });
  }

  #record(
    ...[event, fields]:
      | ['stream.resumed', { after_seq: number }]
      | ['stream.interrupted', { after_seq: number; since: number; trouble: StreamTrouble }]
  ): void {
    const opId = `stream:${ulid(this.#sender.now(), this.#sender.random)}`;
    const common = { opId, actor: { system: 'relay' }, device: null, correlationId: 'stream' } as const;
    if (event === 'stream.resumed') appendEvent(this.#sender, { ...common, event, fields });
    else appendEvent(this.#sender, { ...common, event, fields });
  }
}
