// Where a workspace's record is sent as it grows: a system of the organization's own that gathers such records (SIEM).
import { z } from 'zod';

const Port = z.number().int().min(1).max(65_535);
/** A name or an address, nothing around it. Whether it may be reached is decided where it is called. */
const HOST = String.raw`(?:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])`;
const Host = z
  .string()
  .max(253)
  .regex(new RegExp(`^${HOST}$`));
/** Host and port, then the rest: no user, no fragment, nothing but HTTPS. */
const WEBHOOK = new RegExp(String.raw`^https://(${HOST}(?::\d{1,5})?)(?:[/?][!-"$-~]*)?$`);

/** In what shape a webhook gets the lines; left out: as they are in the record. */
export const StreamForm = z.enum(['ocsf', 'ecs']);
export type StreamForm = z.infer<typeof StreamForm>;

export const StreamReceiver = z.discriminatedUnion('kind', [
  /** HTTPS alone; its path may be a secret, so no one is shown more than its host. */
  z.object({
    kind: z.literal('webhook'),
    url: z.string().max(2048).regex(WEBHOOK),
    /** Left out: the lines of the record as they are. */
    form: StreamForm.optional(),
    /** Sent as `Authorization`, where the receiver wants a token of its own. */
    authorization: z
      .string()
      .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,4094}[\x21-\x7e])?$/)
      .nullable(),
  }),
  /** Syslog over TLS, RFC 5425. */
  z.object({ kind: z.literal('syslog'), host: Host, port: Port }),
]);
export type StreamReceiver = z.infer<typeof StreamReceiver>;

/** What may be told of a receiver: never its path or token. */
export const ShownReceiver = z.object({
  kind: z.enum(['webhook', 'syslog']),
  host: z.string(),
  form: StreamForm.nullable().optional(),
});
export type ShownReceiver = z.infer<typeof ShownReceiver>;

/**
 * Why a batch was not taken, and no more than that: whoever names a receiver learns nothing about the relay's
 * surroundings. `unreachable`: no connection, no trusted certificate, cut; `refused`: it answered, but with no yes.
 */
export const StreamTrouble = z.enum(['unreachable', 'refused', 'late']);
export type StreamTrouble = z.infer<typeof StreamTrouble>;

export const StreamStanding = z.object({
  receiver: ShownReceiver,
  /** What `stream.set` expects: changes with every change. */
  revision: z.string(),
  /** The receiver took every event up to here. */
  sentSeq: z.number().int().nonnegative(),
  /** Signed events there are: what is sent, sooner or later. */
  signedSeq: z.number().int().nonnegative(),
  /** Null: the last batch was taken. */
  failing: z
    .object({
      sinceMs: z.number().int(),
      trouble: StreamTrouble,
      tries: z.number().int(),
      nextTryAt: z.number().int().nullable(),
    })
    .nullable(),
});
export type StreamStanding = z.infer<typeof StreamStanding>;

export function shownReceiver(receiver: StreamReceiver): ShownReceiver {
  return receiver.kind === 'webhook'
    ? { kind: 'webhook', host: WEBHOOK.exec(receiver.url)?.[1] ?? '', form: receiver.form ?? null }
    : { kind: 'syslog', host: `${receiver.host}:${receiver.port}`, form: null };
}
