// Every event that a workspace's audit can hold: one row an event, its stable short code and its public
// fields. What is sealed (queries, links to machines that do not exist here) is not in these lines at
// all: a salted hash stands for it. Lines are ordered by `seq` alone; clocks order nothing.
import { z } from 'zod';
import { Count, Time } from './measures.ts';
import {
  AlertId,
  AttemptId,
  CommandId,
  EnrollmentId,
  EntryId,
  MachineId,
  ReviewItemId,
  RunbookId,
  SessionId,
  UserId,
} from './ids.ts';
import { EvidenceEdition } from './evidence/evidence-file.ts';
import { ExportForm } from './export/export-form.ts';
import { OrganizationPolicy } from './policy.ts';
import { AttemptReason, Role, SessionEndReason } from './records.ts';
import { ShownReceiver, StreamTrouble } from './stream.ts';
import { WorkspaceFrame } from './workspace-frame.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Base64Hash = z.string().length(44);

/**
 * Every field that ends with `_hash`, and no other, is SHA-256 over 16 random bytes of its own and a text's
 * UTF-8: what may be another client's is proven by it, and neither shown nor to be guessed.
 */
const HashedQuery = z.object({ query_hash: Sha256, at: Time, result_count: Count });
const Frame = WorkspaceFrame.pick({ colour: true, glyph: true, code: true });
const Paste = z.object({
  session_id: SessionId.nullable(),
  lines: Count.nullable(),
  bytes: Count.nullable(),
  control_chars: Count.nullable(),
  /** Stands for the three above where the text was copied at another client. */
  size_hash: Sha256.nullable(),
  provenance: z.enum(['same', 'other_workspace', 'outside']),
});
const Enrollment = z.object({ scope: z.literal('machine'), enrollment_id: EnrollmentId });
const Left = z.object({ entry_id: EntryId, reason: z.string() });

interface AuditRow {
  readonly code: string;
  readonly fields: z.ZodType;
}

export const auditEvents = {
  'workspace.entered': {
    code: 'WS1',
    fields: z.object({
      entry_id: EntryId,
      via: z.enum(['launcher', 'link', 'switch', 'reconnect']),
      auth_age_s: Count,
      frame: Frame,
    }),
  },
  'workspace.locked': { code: 'WS2', fields: Left },
  'workspace.left': { code: 'WS3', fields: Left },
  /** Its time only: where to is nobody's business here. */
  'workspace.switch_requested': { code: 'WS4', fields: z.object({ entry_id: EntryId }) },
  'link.opened': {
    code: 'LN1',
    fields: z.object({
      alert_id: AlertId.nullable(),
      /** Stands for the alert of a link that names no machine of this workspace. */
      alert_hash: Sha256.nullable(),
      link_ok: z.boolean(),
      machine_id: MachineId.nullable(),
      /** Stands for the machine id of a link that names no machine of this workspace. */
      machine_hash: Sha256.nullable(),
    }),
  },
  'machine.searched': {
    code: 'SE1',
    fields: z.object({ query_hash: Sha256, result_count: Count, took_ms: z.number().nonnegative() }),
  },
  'session_attempt.aborted': {
    code: 'AT1',
    fields: z.object({
      attempt_id: AttemptId,
      via: z.enum(['link', 'search']),
      queries: z.array(HashedQuery),
      zero_results: z.boolean(),
      machine_id: MachineId.nullable(),
      reason: AttemptReason,
      dwell_ms: Count,
      org_switched_at: Time.nullable(),
    }),
  },
  'session_attempt.connected': {
    code: 'AT2',
    fields: z.object({ attempt_id: AttemptId, session_id: SessionId }),
  },
  'session.started': {
    code: 'SS1',
    fields: z.object({
      session_id: SessionId,
      machine_id: MachineId,
      shell: z.string(),
      user: z.string(),
      cols: Count,
      rows: Count,
      recording_id: SessionId,
    }),
  },
  'session.interrupted': {
    code: 'SS2',
    fields: z.object({ session_id: SessionId, offset_in: Count, offset_out: Count }),
  },
  'session.resumed': {
    code: 'SS3',
    fields: z.object({ session_id: SessionId, offset_in: Count, offset_out: Count, gap_ms: Count }),
  },
  'session.ended': {
    code: 'SS4',
    fields: z.object({
      session_id: SessionId,
      reason: SessionEndReason,
      exit_code: z.number().int().nullable(),
      bytes_in: Count,
      bytes_out: Count,
      commands: Count,
      untrusted_commands: Count,
      redactions: Count,
      recording_sha256: Sha256,
    }),
  },
  /** The machine's shell could not be started, or never answered. */
  'session.failed': {
    code: 'SS5',
    fields: z.object({ session_id: SessionId, machine_id: MachineId, detail: z.string() }),
  },
  /** Another stay has the keyboard from here on: the same person's, or a colleague's. The actor is who took it. */
  'session.taken_over': {
    code: 'SS6',
    fields: z.object({ session_id: SessionId, from_entry_id: EntryId, from_user_id: UserId }),
  },
  /** The actor looks on, from here until the end of this stay at the latest. */
  'session.watched': { code: 'SS7', fields: z.object({ session_id: SessionId, viewer: UserId }) },
  'command.started': {
    code: 'CM1',
    fields: z.object({
      session_id: SessionId,
      command_id: CommandId,
      line: z.string(),
      /** Of a redacted line as it was typed, under a key that only its session had; null: nothing is redacted. */
      line_hmac: Sha256.nullable(),
      cwd: z.string(),
      source: z.enum(['integration', 'runbook']),
      trusted: z.boolean(),
    }),
  },
  'command.finished': {
    code: 'CM2',
    fields: z.object({
      session_id: SessionId,
      command_id: CommandId,
      exit_code: z.number().int().nullable(),
      duration_ms: Count,
      trusted: z.boolean(),
    }),
  },
  'input.redacted': {
    code: 'IN1',
    fields: z.object({ session_id: SessionId, bytes: Count, reason: z.literal('echo off') }),
  },
  'paste.previewed': { code: 'PA1', fields: Paste },
  'paste.accepted': { code: 'PA2', fields: Paste },
  'paste.blocked': { code: 'PA3', fields: Paste },
  'runbook.saved': {
    code: 'RB1',
    fields: z.object({ runbook_id: RunbookId, version: Count, version_sha256: Sha256 }),
  },
  'runbook.run': {
    code: 'RB2',
    fields: z.object({
      runbook_id: RunbookId,
      version_sha256: Sha256,
      session_id: SessionId,
      machine_ids: z.array(MachineId),
    }),
  },
  'recording.viewed': {
    code: 'RV1',
    fields: z.object({ session_id: SessionId, viewer: UserId, purpose: z.enum(['play', 'download']) }),
  },
  /** A note on one card of a review. It may name another client, so it is sealed. */
  'review.noted': {
    code: 'RV4',
    fields: z.object({ reviewer: UserId, item_id: ReviewItemId, note_hash: Sha256 }),
  },
  /** `to_seq` null: up to this very line. */
  'evidence.exported': {
    code: 'RV3',
    fields: z.object({
      viewer: UserId,
      edition: EvidenceEdition,
      form: ExportForm,
      from_seq: Count,
      to_seq: Count.nullable(),
    }),
  },
  /** The checkpoint before the one that covers this line: the record names every checkpoint but its newest. */
  'checkpoint.signed': {
    code: 'CP1',
    fields: z.object({ tree_size: Count, root: Base64Hash, signed_at: Time }),
  },
  'checkpoint.key_changed': {
    code: 'CP2',
    fields: z.object({ number: Count, verifier_key: z.string() }),
  },
  'review.completed': {
    code: 'RV2',
    fields: z.object({
      reviewer: UserId,
      from: Time,
      to: Time,
      duration_s: z.number().nonnegative(),
      sessions: Count,
      exceptions: Count,
      verdict: z.enum(['clean', 'follow_up']),
    }),
  },
  'machine.enrolled': {
    code: 'MA1',
    fields: z.object({ machine_id: MachineId, name: z.string(), enrolled_by: UserId }),
  },
  'machine.reachable': { code: 'MA2', fields: z.object({ machine_id: MachineId }) },
  'machine.unreachable': { code: 'MA3', fields: z.object({ machine_id: MachineId }) },
  /** The key of this machine is on two hosts: both answered. The newest connection won. */
  'machine.superseded': { code: 'MA4', fields: z.object({ machine_id: MachineId }) },
  /** It happened too often: no host with this key is let in. */
  'machine.quarantined': { code: 'MA7', fields: z.object({ machine_id: MachineId }) },
  'machine.released': { code: 'MA8', fields: z.object({ machine_id: MachineId }) },
  'machine.renamed': {
    code: 'MA5',
    fields: z.object({
      machine_id: MachineId,
      before: z.string(),
      after: z.string(),
      /** Names that it could be taken for, which were shown before. */
      confusable_with: z.array(z.string()),
    }),
  },
  'machine.removed': {
    code: 'MA6',
    fields: z.object({ machine_id: MachineId, name: z.string(), sessions_closed: Count }),
  },
  'enrollment.created': {
    code: 'EN1',
    fields: Enrollment.extend({ name: z.string(), expires_at: Time }),
  },
  'enrollment.used': { code: 'EN2', fields: Enrollment.extend({ machine_id: MachineId }) },
  'enrollment.expired': { code: 'EN3', fields: Enrollment.extend({ name: z.string(), expires_at: Time }) },
  /** The new code; the one that it replaces is dead from here on. */
  'enrollment.rotated': {
    code: 'EN4',
    fields: Enrollment.extend({ name: z.string(), expires_at: Time, replaces: EnrollmentId }),
  },
  'enrollment.revoked': { code: 'EN5', fields: Enrollment.extend({ name: z.string() }) },
  /**
   * A code that was sealed for this workspace and enrolls nothing any more: what the caller is never told.
   * `unknown`: its row is gone. Once an hour for each code and reason, however often it is tried.
   */
  'enrollment.refused': {
    code: 'EN6',
    fields: Enrollment.extend({ why: z.enum(['unknown', 'used', 'expired', 'rotated', 'revoked']) }),
  },
  'access.denied': { code: 'AC1', fields: z.object({ verb: z.string(), refused_code: z.string() }) },
  'access.revoked': {
    code: 'AC2',
    fields: z.object({ user_id: UserId, by: z.enum(['webhook', 'expiry']), sessions_closed: Count }),
  },
  /** A role that changed during a stay; `sessions_closed`: those that the new one does not allow. */
  'access.role_changed': {
    code: 'AC3',
    fields: z.object({
      user_id: UserId,
      before: Role,
      after: Role,
      by: z.enum(['webhook', 'token']),
      sessions_closed: Count,
    }),
  },
  /**
   * Events up to `up_to_seq`, from before `before`, were removed as the policy says, with their sealed texts; their hashes
   * stay, and `root` is the tree head over them. `sessions`: whose commands and recordings went.
   */
  'record.pruned': {
    code: 'RT1',
    fields: z.object({
      before: Time,
      up_to_seq: Count,
      root: Base64Hash,
      events: Count,
      sealed: Count,
      sessions: Count,
    }),
  },
  /** Where the record is sent; never the receiver's path or token. `after_seq`: it begins behind this event. */
  'stream.changed': {
    code: 'ST1',
    fields: z.object({
      before: ShownReceiver.nullable(),
      after: ShownReceiver.nullable(),
      after_seq: Count.nullable(),
    }),
  },
  /** The receiver does not take what is sent. Nothing is lost: it waits. */
  'stream.interrupted': {
    code: 'ST2',
    fields: z.object({ after_seq: Count, since: Time, trouble: StreamTrouble }),
  },
  'stream.resumed': { code: 'ST3', fields: z.object({ after_seq: Count }) },
  'policy.changed': {
    code: 'PO1',
    fields: z.object({
      policy: z.enum(['frame', 'organization']),
      /** Null: nothing was stored before, and the default stood. */
      before: Frame.or(OrganizationPolicy).nullable(),
      after: Frame.or(OrganizationPolicy),
    }),
  },
} as const satisfies Record<string, AuditRow>;

export type AuditEventName = keyof typeof auditEvents;
export type AuditFields<E extends AuditEventName> = z.infer<(typeof auditEvents)[E]['fields']>;
