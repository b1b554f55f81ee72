import { refuse } from '#protocol/errors.ts';
import type { Refusal } from '#protocol/errors.ts';
import { BODY_TIMEOUT_MS } from '../limits/limits.ts';

/** The body as text, unless it is longer than `maxBytes`, of which no more is read than that, or comes too slowly. */
export async function readBody(
  request: Request,
  maxBytes: number,
  timeoutMs = BODY_TIMEOUT_MS,
): Promise<{ readonly ok: true; readonly text: string } | Refusal> {
  if (request.body === null) return { ok: true, text: '' };
  const reader = request.body.getReader();
  const late = Promise.withResolvers<'late'>();
  const timer = setTimeout(() => late.resolve('late'), timeoutMs);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late.promise]);
      if (next === 'late') return refuse('handshake_late');
      if (next.done) break;
      bytes += next.value.length;
      if (bytes > maxBytes) return refuse('message_too_large');
      parts.push(next.value);
    }
  } finally {
    clearTimeout(timer);
    // What is left unread is not wanted; when nothing is, this does nothing.
    await reader.cancel().catch(() => undefined);
  }
  return { ok: true, text: new TextDecoder().decode(await new Blob(parts).arrayBuffer()) };
}
