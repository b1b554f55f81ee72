// Shapes of what a workspace holds, as the relay tells them to a console of that workspace.
// All times are epoch milliseconds of the relay's clock.
import { z } from 'zod';
import { Count, Time } from './measures.ts';
import { hasHidden, shownText } from './plain-text.ts';
import { templateProblem } from './runbook/fill-steps.ts';
import { RunbookParameter, StoredParameter } from './runbook/runbook-parameter.ts';
import {
  AttemptId,
  CommandId,
  EntryId,
  MachineId,
  NoteId,
  ReviewItemId,
  RunbookId,
  SessionId,
  UserId,
} from './ids.ts';

/** From the token's `o.rol`; anything else is refused. */
export const Role = z.enum(['technician', 'reviewer', 'admin']);
export type Role = z.infer<typeof Role>;

/** `name` is a signed claim where the Clerk instance is set up to send it, else the user id. */
export const Person = z.object({ userId: UserId, name: z.string() });
export type Person = z.infer<typeof Person>;

const Shown = (maxLength: number) => z.string().max(maxLength).transform(shownText);

/** Reported by the agent: never trusted for more than display and search, and cleaned of what cannot be seen. */
export const MachineFacts = z.object({
  hostname: z.string().min(1).max(255).transform(shownText),
  os: Shown(120),
  user: Shown(120),
  agentVersion: Shown(40),
});
export type MachineFacts = z.infer<typeof MachineFacts>;

export const MachineRow = z.object({
  machineId: MachineId,
  name: z.string(),
  hostname: z.string(),
  os: z.string(),
  /** Has a control socket now. Only a probe proves reachability. */
  online: z.boolean(),
  lastSeenAt: Time.nullable(),
});
export type MachineRow = z.infer<typeof MachineRow>;

/** A machine that a search found. `typo`: not named so, but one slip away. */
export const MachineHit = MachineRow.extend({
  match: z.enum(['exact', 'prefix', 'word', 'substring', 'typo']),
});
export type MachineHit = z.infer<typeof MachineHit>;

/** Of a workspace's directory: `epoch` changes whenever the relay lost count, and `seq` counts patches within it. */
export const DirectoryVersion = z.object({ epoch: z.string().max(40), seq: z.number().int().nonnegative() });
export type DirectoryVersion = z.infer<typeof DirectoryVersion>;

export const SessionRow = z.object({
  sessionId: SessionId,
  machineId: MachineId,
  machineName: z.string(),
  technician: Person,
  startedAt: Time,
  endedAt: Time.nullable(),
});
export type SessionRow = z.infer<typeof SessionRow>;

/** A session that has not ended, as any member of its workspace sees it. */
export const RunningSession = SessionRow.extend({
  /** Whose keyboard it is: the one who opened it, or who took it over. */
  typist: Person,
  /** Nobody is there to type: the typist's console is gone. It runs on for a while. */
  away: z.boolean(),
  /** It belongs to the asking person's own present stay. */
  here: z.boolean(),
});
export type RunningSession = z.infer<typeof RunningSession>;

/** The key of this machine was seen on two hosts that both answered. */
export const MachineKeyAlert = z.object({
  /** Too often: none of them is let in until an administrator decides. */
  quarantined: z.boolean(),
  lastAt: Time,
});
export type MachineKeyAlert = z.infer<typeof MachineKeyAlert>;

/** A machine whose key was seen on two hosts within the time of a review. */
export const KeyAlertReview = z.object({
  machineId: MachineId,
  machineName: z.string(),
  firstAt: Time,
  lastAt: Time,
  times: Count,
  quarantined: z.boolean(),
});
export type KeyAlertReview = z.infer<typeof KeyAlertReview>;

export const MachineCard = MachineRow.extend({
  facts: MachineFacts,
  /** Null: nothing is known against its key. */
  keyAlert: MachineKeyAlert.nullable().default(null),
  enrolledAt: Time,
  recentSessions: z.array(SessionRow),
});
export type MachineCard = z.infer<typeof MachineCard>;

export const STEPS_MAX = 50;

/** As it was saved once: the rules for new ones may be stricter by now. */
export const Runbook = z.object({
  runbookId: RunbookId,
  title: z.string().min(1).max(120),
  description: z.string().max(2000),
  /** One shell line each, typed in order; the next waits for the one before to finish. */
  steps: z.array(z.string().min(1).max(2000)).min(1).max(STEPS_MAX),
  /** Filled in before a run; `{{name}}` in a step stands for the value. */
  parameters: z.array(StoredParameter).max(20).default([]),
  /** What it does cannot be undone: whoever runs it types the client's code and the machine's name by hand. */
  irreversible: z.boolean().default(false),
  version: z.number().int().positive(),
  versionSha256: z.string(),
});
export type Runbook = z.infer<typeof Runbook>;

/** What a runbook says is what is typed: a step that holds a line break or a control runs what nobody read. */
const Plain = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .refine((text) => !hasHidden(text));
export const RunbookDraft = Runbook.pick({ description: true, irreversible: true })
  .extend({
    title: Plain(120),
    steps: z.array(Plain(2000)).min(1).max(STEPS_MAX),
    parameters: z.array(RunbookParameter).max(20).default([]),
  })
  .refine((draft) => templateProblem(draft) === null);

/** One command as the machine's shell reported it. */
export const CommandRecord = z.object({
  commandId: CommandId,
  line: z.string(),
  cwd: z.string(),
  startedAt: Time,
  /** Null while it runs, or where the shell never reported an end. */
  finishedAt: Time.nullable(),
  durationMs: Count.nullable(),
  exitCode: z.number().int().nullable(),
  source: z.enum(['integration', 'runbook']),
  /** Reported by the shell we started, with its nonce. */
  trusted: z.boolean(),
  /** Where in the output it began: playback jumps there. */
  outputOffsetBytes: Count,
  /** Its output lies below; null where the shell never reported an end. */
  outputEndBytes: Count.nullable().default(null),
});
export type CommandRecord = z.infer<typeof CommandRecord>;

export const AttemptReason = z.enum([
  'switched',
  'locked',
  'closed',
  'dismissed',
  'timed_out',
  'unreachable',
  'denied',
]);
export type AttemptReason = z.infer<typeof AttemptReason>;

export const AttemptReview = z.object({
  attemptId: AttemptId,
  technician: Person,
  via: z.enum(['link', 'search']),
  openedAt: Time,
  endedAt: Time,
  dwellMs: Count,
  machineId: MachineId.nullable(),
  machineName: z.string().nullable(),
  queries: z.array(z.object({ query: z.string(), at: Time, resultCount: Count })),
  zeroResults: z.boolean(),
  reason: AttemptReason,
  /** When the technician asked for another client. Never which. */
  orgSwitchedAt: Time.nullable(),
});
export type AttemptReview = z.infer<typeof AttemptReview>;

export const SessionEndReason = z.enum([
  'exited',
  'closed',
  'locked',
  'agent_lost',
  'recording_failed',
  'recording_full',
  'access_revoked',
  'timed_out',
]);
export type SessionEndReason = z.infer<typeof SessionEndReason>;

/**
 * What makes a session deserve the first look; the relay decides. A gap or a pause counts only where it is long:
 * see relay/workspace/session-exceptions.ts.
 */
export const SessionException = z.enum([
  'failed_command',
  'untrusted_command',
  'blocked_paste',
  'long_gap',
  'long_idle',
  'odd_end',
  'no_recording',
]);
export type SessionException = z.infer<typeof SessionException>;

/** A paste that was stopped: when, and where its text came from. */
export const BlockedPaste = z.object({
  at: Time,
  provenance: z.enum(['same', 'other_workspace', 'outside']),
});
export type BlockedPaste = z.infer<typeof BlockedPaste>;

/** Pastes that were stopped outside any session, one row a stay. */
export const PasteReview = z.object({ entryId: EntryId, technician: Person, pastes: z.array(BlockedPaste) });
export type PasteReview = z.infer<typeof PasteReview>;

/** What a reviewer wrote about a card; sealed in the audit, as it may name another client. */
export const ReviewNote = z.object({
  noteId: NoteId,
  itemId: ReviewItemId,
  at: Time,
  by: Person,
  text: z.string(),
});
export type ReviewNote = z.infer<typeof ReviewNote>;

export const SessionReview = SessionRow.extend({
  endReason: SessionEndReason.nullable(),
  exitCode: z.number().int().nullable(),
  bytesIn: Count,
  bytesOut: Count,
  recordingSha256: z.string().nullable(),
  commands: z.array(CommandRecord),
  interruptions: z.array(z.object({ at: Time, gapMs: Count })),
  /** How often something was typed without echo: counted, never kept. */
  redactions: Count,
  blockedPastes: z.array(BlockedPaste),
  /** The longest time in which no command ran. */
  idleMs: Count,
  exceptions: z.array(SessionException),
});
export type SessionReview = z.infer<typeof SessionReview>;

/** A command that a search across sessions found. */
export const CommandHit = z.object({
  sessionId: SessionId,
  machineName: z.string(),
  technician: Person,
  command: CommandRecord,
});
export type CommandHit = z.infer<typeof CommandHit>;

/** Recorded output, in order: `data` is base64 of raw bytes; a resize carries no data. */
export const RecordingEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('output'), at: Time, offsetBytes: Count, data: z.string() }),
  z.object({ kind: z.literal('resize'), at: Time, offsetBytes: Count, cols: Count, rows: Count }),
]);
export type RecordingEvent = z.infer<typeof RecordingEvent>;
