import { errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import type { WireError } from '#protocol/control/wire-error.ts';

/** An error as it crosses a socket: code, text for the person, detail that is safe to show, and when to try again. */
export function wireError(code: ErrorCode, detail?: string, retryAfterMs?: number): WireError {
  return {
    code,
    text: errors[code].text,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
