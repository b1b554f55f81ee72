// One event as a syslog message (RFC 5424), framed for TLS by counting its octets (RFC 5425 §4.3).
import { z } from 'zod';
import { auditEvents } from '#protocol/audit-events.ts';
import type { Batch, StreamedEvent } from './batch.ts';

/** Facility 13, log audit (RFC 5424 §6.2.1). */
const FACILITY = 13;
const SEVERITY = { refused: 4, ok: 6 } as const;
const Read = z.looseObject({ seq: z.number(), outcome: z.enum(['ok', 'refused']) });

const encoder = new TextEncoder();

/**
 * HOSTNAME is the organization, MSGID the event's name. PROCID is the number of the attempt: a change of it means that
 * the log was interrupted (§6.2.6), and above 1 that this very message may have come before. `sequenceId` (§7.3.1) is `seq`.
 */
export function syslogMessage({ org, attempt }: Batch, { event, at, line }: StreamedEvent): string {
  const { seq, outcome } = Read.parse(JSON.parse(line));
  const priority = FACILITY * 8 + SEVERITY[outcome];
  const time = new Date(at).toISOString();
  // 32 characters at the most, §6.
  const messageId = (event in auditEvents ? event : '-').slice(0, 32);
  const header = `<${priority}>1 ${time} ${org} caisey ${attempt} ${messageId}`;
  return `${header} [meta sequenceId="${seq}"] ${line}`;
}

/** `MSG-LEN SP SYSLOG-MSG` for each event. */
export function syslogFrames(batch: Batch): Uint8Array {
  const frames = batch.events.map((event) => {
    const message = encoder.encode(syslogMessage(batch, event));
    return [encoder.encode(`${message.length} `), message] as const;
  });
  const bytes = new Uint8Array(
    frames.reduce((sum, [length, message]) => sum + length.length + message.length, 0),
  );
  let at = 0;
  for (const part of frames.flat()) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
