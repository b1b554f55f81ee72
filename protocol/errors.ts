// One table of everything that can be refused, for relay, agent and console alike.
// `text` is written for the person who reads it; it never names another organization.

interface ErrorRow {
  /** WebSocket close code (RFC 6455: 4000–4999 are the application's). */
  readonly closeCode: number;
  /** HTTP status where the refusal is an HTTP answer. */
  readonly status: number;
  /** May the same request succeed later without a person doing anything? */
  readonly retryable: boolean;
  /** What happened and what to do next. */
  readonly text: string;
}

const row = (closeCode: number, status: number, retryable: boolean, text: string): ErrorRow => ({
  closeCode,
  status,
  retryable,
  text,
});

export const errors = {
  token_missing: row(4401, 401, false, 'No sign-in was presented. Sign in to this workspace.'),
  token_invalid: row(4402, 401, false, 'The sign-in could not be verified. Sign in again.'),
  token_expired: row(4403, 401, true, 'The sign-in token expired. It is being renewed.'),
  token_wrong_issuer: row(
    4404,
    401,
    false,
    'The sign-in comes from another identity service. Check the console configuration.',
  ),
  token_wrong_category: row(4405, 401, false, 'This kind of token does not open a workspace. Sign in again.'),
  token_no_organization: row(
    4406,
    401,
    false,
    'The sign-in names no client. Sign in again from this window.',
  ),
  session_inactive: row(4407, 401, false, 'The sign-in is not active any more. Sign in again.'),
  sign_in_not_fresh: row(4408, 401, false, 'Entering a client takes a fresh sign-in. Sign in again.'),
  second_factor_required: row(
    4409,
    401,
    false,
    'This client asks for a second factor. Sign in with one; an account without it has to set one up first.',
  ),
  sign_in_spent: row(4410, 401, false, 'This sign-in was already used and ended. Sign in again.'),
  sign_in_bound_elsewhere: row(
    4411,
    401,
    false,
    'This sign-in cannot open this client. Sign in again from this window.',
  ),
  role_insufficient: row(
    4412,
    403,
    false,
    'Your role in this client does not allow this. Ask an administrator.',
  ),
  entry_ended: row(4413, 401, false, 'This workspace was locked. Sign in again.'),
  entry_required: row(4414, 401, false, 'Enter the workspace first.'),
  entry_replaced: row(4415, 409, false, 'This workspace was opened again elsewhere with the same sign-in.'),
  access_revoked: row(4416, 401, false, 'Your access to this client was revoked. Ask an administrator.'),
  entry_idle: row(4417, 401, false, 'Locked: nobody did anything here for a while. Sign in again.'),
  entry_max_age: row(4418, 401, false, 'Locked: this stay reached its longest time. Sign in again.'),
  role_changed: row(4419, 409, true, 'Your role in this client was changed. Coming back with the new one.'),
  step_up_required: row(4425, 401, false, 'This takes a fresh confirmation that it is you.'),
  not_found: row(4420, 404, false, 'There is nothing by that name in this client.'),
  machine_offline: row(4421, 409, true, 'The machine does not answer. It may be off or without network.'),
  session_ended: row(4422, 409, false, 'This session has ended.'),
  recording_failed: row(4423, 500, false, 'The session could not be recorded, so it was ended.'),
  recording_damaged: row(
    4426,
    500,
    false,
    'This recording is not what was recorded: a part of it was changed or is missing. Ask whoever keeps the relay.',
  ),
  session_taken_over: row(4424, 409, false, 'This session is in use in another window.'),
  message_invalid: row(4430, 400, false, 'The relay did not understand the message. Update the console.'),
  message_too_large: row(4431, 413, false, 'The message is larger than the relay accepts.'),
  frame_invalid: row(4432, 400, false, 'The relay did not understand the data. Update the console.'),
  version_unsupported: row(4433, 400, false, 'This version is not supported by the relay. Update.'),
  rate_limited: row(4434, 429, true, 'Too many requests. Wait a moment.'),
  handshake_late: row(4436, 408, true, 'The connection was not used in time. Connecting again.'),
  reader_stalled: row(4439, 408, true, 'The connection does not take what is sent. Connecting again.'),
  query_invalid: row(4437, 400, false, 'No machine can be named so. Type its name, or a part of it.'),
  name_invalid: row(4438, 400, false, 'A machine cannot have this name. Choose another.'),
  conflict: row(4435, 409, false, 'Someone changed this in the meantime. Reload and try again.'),
  enrollment_invalid: row(
    4440,
    401,
    false,
    'The enrollment code is unknown, used, revoked or older than 10 minutes. Ask for a new one.',
  ),
  credential_invalid: row(
    4441,
    401,
    false,
    'The machine credential was not accepted. Enroll the machine again, with --wipe and a new code.',
  ),
  challenge_failed: row(4442, 401, true, 'The machine did not prove its key in time.'),
  credential_superseded: row(
    4443,
    409,
    true,
    'Another host connected with the same machine key. Stop one of the two, and enroll it anew with --wipe.',
  ),
  machine_quarantined: row(
    4446,
    403,
    true,
    'Several hosts use the key of this machine. An administrator decides in the console.',
  ),
  machine_key_known: row(
    4445,
    409,
    false,
    'This key was enrolled before. Run the agent with --wipe to make a new one, then enroll again.',
  ),
  ticket_invalid: row(4444, 401, true, 'The session ticket is unknown, used or too old.'),
  runbook_value_refused: row(
    4450,
    400,
    false,
    'A value does not fit. Read what stands below its field, change it, then run it again.',
  ),
  runbook_shell_unknown: row(
    4451,
    409,
    false,
    'How to quote values for the shell of this machine is not known. Copy the steps and fill them in by hand.',
  ),
  runbook_unconfirmed: row(
    4452,
    409,
    false,
    'What this runbook does cannot be undone. Type the code of the client and the name of the machine, then run it.',
  ),
  runbook_command_running: row(
    4453,
    409,
    false,
    'A command is still running there, and would read the lines itself. Wait for its end or end it, then run the runbook.',
  ),
  runbook_outdated: row(
    4454,
    409,
    false,
    'This runbook was saved under older rules, and would be refused today. An administrator copies it as Markdown and imports it: that says what to correct.',
  ),
  runbook_not_as_shown: row(
    4455,
    409,
    false,
    'Nothing was run: the relay fills in these steps in another way than this console shows. Bring the console up to date, or copy the steps.',
  ),
  frame_name_kept: row(
    4456,
    409,
    false,
    'The name of a client is the one it has in Clerk, and is changed there. Here its colour, glyph and code are changed.',
  ),
  internal: row(4500, 500, true, 'The relay had an internal error. It is recorded; try again.'),
  unavailable: row(4501, 503, true, 'The relay is not available. Trying again.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errors;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errors, value);
}

/** Find what a WebSocket close code means; null for codes that are not ours (1006: the network). */
export function errorOfCloseCode(closeCode: number): ErrorCode | null {
  for (const [code, { closeCode: candidate }] of Object.entries(errors)) {
    if (candidate === closeCode && isErrorCode(code)) return code;
  }
  return null;
}

/** How an expected failure is returned, in process and over a socket. */
export interface Refusal {
  readonly ok: false;
  readonly code: ErrorCode;
  /** Detail for logs and people, already safe to show. */
  readonly detail?: string;
  /** With `rate_limited`: milliseconds before which trying again is refused again. */
  readonly retryAfterMs?: number;
  /** What the audit says in place of the code; never sent. */
  readonly recordedAs?: string;
}

export function refuse(code: ErrorCode, detail?: string): Refusal {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail };
}
