import { errors, isErrorCode } from '#protocol/errors.ts';

/** A refusal as the console shows it. `code` is the relay's, or `unavailable` where no answer came. */
export interface CallError {
  readonly code: string;
  readonly text: string;
  readonly retryable: boolean;
  /** With `rate_limited`: when the relay may be asked again. */
  readonly retryAfterMs?: number;
}

/** The table's words where it knows the code: what a peer sends is shown only where the table has no row. */
export function callError(code: string, text?: string): CallError {
  if (!isErrorCode(code)) return { code, text: text ?? code, retryable: false };
  return { code, text: errors[code].text, retryable: errors[code].retryable };
}
