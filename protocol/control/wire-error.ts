import { z } from 'zod';
import { Count } from '../measures.ts';

/** A refusal as it crosses a socket: `code` of errors.ts, and its text for the person. */
export const WireError = z.object({
  code: z.string(),
  text: z.string(),
  /** Safe to show. */
  detail: z.string().optional(),
  /** With `rate_limited`: trying again earlier is refused again. */
  retryAfterMs: Count.optional(),
});
export type WireError = z.infer<typeof WireError>;
