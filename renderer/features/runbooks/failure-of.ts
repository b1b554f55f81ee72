import { z } from 'zod';
import type { CallError } from '../../connection/call-error.ts';

const CallFailure = z.object({ code: z.string(), text: z.string() });

/** What main refused a call with. */
export function failureOf(error: unknown): CallError {
  const failure = CallFailure.safeParse(error);
  return failure.success
    ? { ...failure.data, retryable: false }
    : { code: 'internal', text: 'Something went wrong in the console. Try again.', retryable: false };
}
