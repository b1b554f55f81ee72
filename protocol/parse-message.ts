import type { z } from 'zod';

/**
 * Parse one JSON message against a schema; never throws.
 * @returns the message, or the reason in one line (safe to log: it names fields, never values)
 */
export function parseMessage<T extends z.ZodType>(
  schema: T,
  text: string,
): { readonly ok: true; readonly message: z.infer<T> } | { readonly ok: false; readonly reason: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not JSON' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, message: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, reason: `${issue?.path.join('.') ?? ''}: ${issue?.code ?? 'invalid'}` };
}
