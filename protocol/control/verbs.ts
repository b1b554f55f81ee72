// Everything a console can ask of its workspace: one row a verb. The relay dispatches from this table,
// checks roles from it and parses with it; the console types its calls from it. Nothing names an
// organization: that comes from the verified token alone.
import { z } from 'zod';
import { Count, Time } from '../measures.ts';
import { AlertId, EnrollmentId, EntryId, MachineId, SessionId } from '../ids.ts';
import { MachineCard, Person, Role, SessionRow } from '../records.ts';
import { EvidenceEdition } from '../evidence/evidence-file.ts';
import { CheckpointAnswer } from '../evidence/last-seen.ts';
import { ExportForm } from '../export/export-form.ts';
import { hasHidden } from '../plain-text.ts';
import { OrganizationPolicy } from '../policy.ts';
import { StreamReceiver, StreamStanding } from '../stream.ts';
import { WorkspaceFrame } from '../workspace-frame.ts';
import { NewEnrollment, OpenEnrollment } from './enrollment.ts';
import { machineVerbs } from './machine-verbs.ts';
import { reviewVerbs } from './review-verbs.ts';
import { sessionVerbs } from './session-verbs.ts';
import { admins, everyone, operators, reviewers } from './verb-roles.ts';

export { TerminalSize } from './session-verbs.ts';

interface Verb {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  readonly roles: readonly Role[];
  /** Sensitive: takes a factor that was verified lately, as the organization's policy says. */
  readonly stepUp?: true;
  /** A console asks this by itself too, so that it tells nothing of a person's presence. */
  readonly byItself?: true;
}

const Empty = z.object({});
/** Why a console leaves: `switched` is the ceremony's, and only then is a switch time recorded. */
export const LeaveReason = z.enum(['locked', 'switched', 'closed', 'signed_out']);
export type LeaveReason = z.infer<typeof LeaveReason>;

export const PasteReport = z.object({
  decision: z.enum(['previewed', 'accepted', 'blocked']),
  provenance: z.enum(['same', 'other_workspace', 'outside']),
  lines: Count,
  bytes: Count,
  controlChars: Count,
});
export type PasteReport = z.infer<typeof PasteReport>;

export const verbs = {
  /** First on every socket: begins an entry, or joins the one this sign-in already has. */
  'workspace.enter': {
    roles: everyone,
    byItself: true,
    params: z.object({
      protocolVersion: z.number().int(),
      via: z.enum(['launcher', 'link', 'switch', 'reconnect']),
      device: z.object({
        installId: z.string().max(64),
        appVersion: z.string().max(40),
        windowId: z.string().max(64),
      }),
    }),
    result: z.object({
      entryId: EntryId,
      /** True when this joined an entry that was already open. */
      resumed: z.boolean(),
      person: Person,
      role: Role,
      frame: WorkspaceFrame,
      /** False: `frame` is only derived from the id, and an administrator may store the first one. */
      frameStored: z.boolean().default(true),
      machineCount: Count,
      /** This person's that have not ended, in this stay or an older one. */
      openSessions: z.array(SessionRow),
    }),
  },
  /**
   * Ends the entry for good: its attempt is closed, its sign-in is spent. `closed` and `signed_out` end its sessions;
   * locked or switched, they run on for the policy's grace, and a later stay of the same person may take them up.
   */
  'workspace.leave': { roles: everyone, params: z.object({ reason: LeaveReason }), result: Empty },
  /**
   * A token whose first factor was verified within the last minute, for the same person, sign-in and
   * organization. `switch`: the ceremony came back to a workspace that stood open; recorded as
   * `workspace.entered`. `step_up`: for the sensitive verbs that follow.
   */
  'workspace.reverify': {
    roles: everyone,
    params: z.object({
      token: z.string().max(8192),
      /** `switch` when left out. */
      purpose: z.enum(['switch', 'step_up']).optional(),
    }),
    result: Empty,
  },
  /** What holds now; the defaults of policy.ts until an administrator says otherwise. */
  'policy.get': {
    roles: everyone,
    params: Empty,
    result: z.object({
      policy: OrganizationPolicy,
      /** Of the relay: a longer `freshSignInMinutes` is refused. */
      freshSignInMinutesMax: Count,
    }),
  },
  /**
   * `expected` is what the caller saw (compare and set). Who demands a second factor must have one;
   * what is demanded at the entrance holds for entries from then on, idle and maximum age at once.
   */
  'policy.set': {
    roles: admins,
    stepUp: true,
    params: z.object({ expected: OrganizationPolicy, policy: OrganizationPolicy }),
    result: Empty,
  },
  /**
   * Administrators only; `expected` is what the caller saw (compare and set), null: none stored yet. The name is set
   * with the first one and stays (`frame_name_kept`).
   */
  'frame.set': {
    roles: admins,
    stepUp: true,
    byItself: true,
    params: z.object({
      expected: WorkspaceFrame.nullable(),
      frame: WorkspaceFrame.refine(({ name }) => !hasHidden(name)),
    }),
    result: Empty,
  },
  /** Opens an attempt. An unknown machine answers `not_found`, and the attempt stays open. */
  'link.open': {
    roles: everyone,
    params: z.object({ machineId: MachineId, alertId: AlertId.nullable() }),
    result: MachineCard,
  },
  ...machineVerbs,
  /** The person gave up on the open attempt without leaving. */
  'attempt.dismiss': { roles: everyone, params: Empty, result: Empty },
  ...sessionVerbs,
  /** What became of a paste, or of a preview of one: its measures, never its text. */
  'paste.report': {
    roles: operators,
    params: PasteReport.extend({ sessionId: SessionId.nullable() }),
    result: Empty,
  },
  /** A code that enrolls one machine within ten minutes. */
  'enrollment.create': {
    roles: admins,
    stepUp: true,
    /** `name_invalid` when a machine cannot be named so. */
    params: z.object({ machineName: z.string().max(65_536) }),
    result: NewEnrollment,
  },
  /** The newest 200 codes that can still be used, newest first. */
  'enrollment.list': {
    roles: admins,
    byItself: true,
    params: Empty,
    result: z.object({
      open: z.array(OpenEnrollment),
      total: Count,
      /** The relay's clock, by which they expire. */
      at: Time,
    }),
  },
  /** A new code in place of an open one, which dies. `conflict`: it was used or ended meanwhile. */
  'enrollment.rotate': {
    roles: admins,
    stepUp: true,
    params: z.object({ enrollmentId: EnrollmentId }),
    result: NewEnrollment,
  },
  /** The code enrolls nothing from here on. `conflict`: it was used or ended meanwhile. */
  'enrollment.revoke': { roles: admins, params: z.object({ enrollmentId: EnrollmentId }), result: Empty },
  ...reviewVerbs,
  /** The audit's public lines, without sealed fields: exactly what an export to the client would hold. */
  'audit.list': {
    roles: reviewers,
    params: z.object({ afterSeq: Count, limit: z.number().int().min(1).max(500) }),
    result: z.object({ lines: z.array(z.string()), headSeq: Count }),
  },
  /** Asked by every console that comes back: the newest checkpoint, with a proof from the one that it saw last. */
  'audit.checkpoint': {
    roles: everyone,
    byItself: true,
    params: z.object({ lastSeenSize: Count.nullable() }),
    result: CheckpointAnswer,
  },
  /** C2SP verifier keys that ever signed here, newest first: what `caisey-verify --key` takes. */
  'audit.key': {
    roles: everyone,
    byItself: true,
    params: Empty,
    result: z.object({ keys: z.array(z.object({ number: Count, verifierKey: z.string(), since: Time })) }),
  },
  /** The next key signs from here on, and the one before beside it. */
  'audit.rotateKey': {
    roles: admins,
    stepUp: true,
    params: Empty,
    result: z.object({ keys: z.array(z.object({ number: Count, verifierKey: z.string(), since: Time })) }),
  },
  /** Begins an evidence file: a range (`toSeq` null: to the newest event) under one checkpoint. Recorded. */
  'evidence.open': {
    roles: reviewers,
    stepUp: true,
    params: z.object({
      edition: EvidenceEdition,
      fromSeq: z.number().int().positive(),
      toSeq: z.number().int().positive().nullable(),
      /** Events of a checkpoint kept elsewhere: a consistency proof with it is added to the file. */
      lastSeenSize: Count.nullable(),
      /** What the caller makes of it; `evidence` when left out. */
      form: ExportForm.optional(),
      /** Begins no earlier than with the first event from then on, where that is after `fromSeq`. */
      fromMs: Time.optional(),
    }),
    result: z.object({
      exportId: z.string(),
      fromSeq: Count,
      toSeq: Count,
      treeSize: Count,
      /** The file's first lines. */
      lines: z.array(z.string()),
    }),
  },
  /** The file's next lines, beginning with `afterSeq` 0; a null answer: that was the end of the file. */
  'evidence.read': {
    roles: reviewers,
    params: z.object({ exportId: z.string().max(26), afterSeq: Count }),
    result: z.object({ lines: z.array(z.string()), nextAfterSeq: Count.nullable() }),
  },
  /** Where the record is sent as it grows, and how far that is; null: nowhere. */
  'stream.get': {
    roles: admins,
    byItself: true,
    params: Empty,
    result: z.object({ stream: StreamStanding.nullable() }),
  },
  /**
   * `expected`: the revision that the caller saw (compare and set), null: none. A null receiver ends the stream.
   * `afterSeq` null: from where the last one came to, or from now on; what was removed by then is left out. `secret`, a
   * webhook's: shown here and never again; every change makes a new one.
   */
  'stream.set': {
    roles: admins,
    stepUp: true,
    params: z.object({
      expected: z.string().max(26).nullable(),
      receiver: StreamReceiver.nullable(),
      afterSeq: Count.nullable(),
    }),
    result: z.object({ secret: z.string().nullable() }),
  },
} as const satisfies Record<string, Verb>;

export type VerbName = keyof typeof verbs;
export type VerbParams<V extends VerbName> = z.infer<(typeof verbs)[V]['params']>;
export type VerbResult<V extends VerbName> = z.infer<(typeof verbs)[V]['result']>;
export const VERB_NAMES: readonly VerbName[] = Object.keys(verbs).filter((name): name is VerbName =>
  Object.hasOwn(verbs, name),
);

/** Does this verb take a factor that was verified lately? */
export function takesStepUp(verb: VerbName): boolean {
  const row: Verb = verbs[verb];
  return row.stepUp === true;
}

/** Does asking this show that somebody is there? */
export function showsPresence(verb: VerbName): boolean {
  const row: Verb = verbs[verb];
  return row.byItself !== true;
}
