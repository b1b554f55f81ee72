import { StreamReceiver } from '#protocol/stream.ts';
import type { StreamForm } from '#protocol/stream.ts';

/** A receiver as it is typed. */
export interface ReceiverDraft {
  readonly kind: StreamReceiver['kind'];
  readonly url: string;
  readonly form: StreamForm | 'record';
  readonly authorization: string;
  readonly host: string;
  readonly port: string;
}

export type DraftField = 'url' | 'authorization' | 'host' | 'port';

/** RFC 5425 §4.1. */
export const EMPTY_DRAFT: ReceiverDraft = {
  kind: 'webhook',
  url: '',
  form: 'record',
  authorization: '',
  host: '',
  port: '6514',
};

const FAULTS: Readonly<Record<DraftField, string>> = {
  url: 'An address that begins with https:// and has no user name and no # in it.',
  authorization: 'Printable characters without accents, no space at either end.',
  host: 'A name or an address, without a port and without https://.',
  port: 'From 1 to 65535; 6514 is usual for syslog over TLS.',
};

/** @returns the receiver, or what is wrong with each field */
export function receiverOf(
  draft: ReceiverDraft,
):
  | { readonly ok: true; readonly receiver: StreamReceiver }
  | { readonly ok: false; readonly faults: Partial<Record<DraftField, string>> } {
  const read = StreamReceiver.safeParse(
    draft.kind === 'webhook'
      ? {
          kind: 'webhook',
          url: draft.url.trim(),
          ...(draft.form === 'record' ? {} : { form: draft.form }),
          authorization: draft.authorization === '' ? null : draft.authorization,
        }
      : {
          kind: 'syslog',
          host: draft.host.trim(),
          port: /^\d{1,5}$/.test(draft.port.trim()) ? Number(draft.port) : 0,
        },
  );
  if (read.success) return { ok: true, receiver: read.data };
  const wrong = read.error.issues.flatMap(({ path: [field] }) => {
    const name = String(field);
    return isDraftField(name) ? [[name, FAULTS[name]] as const] : [];
  });
  return { ok: false, faults: Object.fromEntries(wrong) };
}

function isDraftField(name: string): name is DraftField {
  return Object.hasOwn(FAULTS, name);
}
