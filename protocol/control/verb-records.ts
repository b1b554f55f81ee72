// What the record says of each verb: the events that a call may leave, or why it leaves none. A verb that is missing
// here does not compile; relay/workspace/verb-records.test.ts calls every one of them, twice, and compares.
import type { AuditEventName } from '../audit-events.ts';
import type { VerbName } from './verbs.ts';

export type VerbRecord =
  | {
      readonly records: readonly AuditEventName[];
      /** The same call again: another act with a line of its own, or nothing new. */
      readonly again: 'another' | 'nothing';
    }
  | { readonly recordsNothing: string };

const once = (...records: readonly AuditEventName[]): VerbRecord => ({ records, again: 'nothing' });
const each = (...records: readonly AuditEventName[]): VerbRecord => ({ records, again: 'another' });
const nothing = (why: string): VerbRecord => ({ recordsNothing: why });

const SHOWN_TO_ALL = 'reads what every member of the workspace is shown';
const ASKED_BY_ITSELF = 'a console asks it by itself, and it says nothing about a person';

/** Beside these, any verb may leave `access.denied` when it is refused. */
export const verbRecords: Readonly<Record<VerbName, VerbRecord>> = {
  'workspace.enter': once('workspace.entered'),
  'workspace.leave': once('workspace.locked', 'workspace.left', 'workspace.switch_requested'),
  'workspace.reverify': each('workspace.entered'),
  'policy.get': nothing(SHOWN_TO_ALL),
  'policy.set': once('policy.changed'),
  'frame.set': once('policy.changed'),
  'link.open': each('link.opened', 'session_attempt.aborted'),
  'machine.search': once('machine.searched'),
  'machine.list': nothing(ASKED_BY_ITSELF),
  'machine.rename': once('machine.renamed'),
  'machine.remove': once('machine.removed', 'session.ended', 'session.failed', 'machine.unreachable'),
  'machine.release': once('machine.released'),
  'machine.get': nothing(SHOWN_TO_ALL),
  'machine.probe': once('machine.reachable', 'machine.unreachable'),
  'attempt.dismiss': once('session_attempt.aborted'),
  // When the machine reports that it runs, or no report comes; `connected` where an attempt is open.
  'session.open': each('session.started', 'session_attempt.connected', 'session.failed'),
  'session.list': nothing(ASKED_BY_ITSELF),
  'session.take': once('session.taken_over'),
  'session.close': once('session.ended', 'session.failed'),
  'session.shell': nothing('reads what `session.started` told'),
  'runbook.list': nothing(SHOWN_TO_ALL),
  'runbook.save': each('runbook.saved'),
  'runbook.run': each('runbook.run'),
  'paste.report': each('paste.previewed', 'paste.accepted', 'paste.blocked'),
  'enrollment.create': each('enrollment.created'),
  'enrollment.list': nothing('reads what stands in the record: no code is shown twice'),
  'enrollment.rotate': once('enrollment.rotated'),
  'enrollment.revoke': once('enrollment.revoked'),
  'review.open': nothing('the review is recorded when it is complete, with the time since this'),
  'review.complete': once('review.completed'),
  'session.review': nothing('one card of a review: reads what `review.open` tells'),
  'review.note': each('review.noted'),
  'command.search': nothing('reads what `review.open` tells; what is opened then is recorded'),
  'recording.read': each('recording.viewed'),
  'audit.list': nothing('reads the public lines: a line about reading them would be one more to read'),
  'audit.checkpoint': nothing(ASKED_BY_ITSELF),
  'audit.key': nothing(ASKED_BY_ITSELF),
  'audit.rotateKey': each('checkpoint.key_changed'),
  'evidence.open': each('evidence.exported'),
  'stream.get': nothing('reads what its administrators may see; no path, no token'),
  'stream.set': once('stream.changed'),
  'evidence.read': nothing('pages of an export that `evidence.open` recorded'),
};
