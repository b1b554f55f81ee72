// One case a verb: what a console of one organization asks to get at another. Keyed by the verb's name; a verb of the
// relay's table that is missing here, or an id of its parameters that no case fills with another's, fails the run.
import type { Subject } from '../organizations/subject.ts';

export interface VerbCase {
  /**
   * `unknown`: every call names something of theirs, and is answered as for something that does not exist.
   * `own`: the verb takes no id; what it answers is one's own, whatever is smuggled into it.
   * `visit`: entering and leaving, which a visit does around all others.
   */
  readonly kind: 'unknown' | 'own' | 'visit';
  /** Parameters of one call each. */
  readonly calls: (mine: Subject, theirs: Subject) => readonly Readonly<Record<string, unknown>>[];
}

const size = { cols: 80, rows: 24 };
const runbook = { title: 'crossed', description: '', steps: ['true'] };
const shown = { versionSha256: 'a'.repeat(64), lines: ['true'] };
const paste = { decision: 'accepted', provenance: 'same', lines: 1, bytes: 1, controlChars: 0 };
const policy = {
  entryIdleMinutes: 5,
  entryMaxMinutes: 15,
  sessionGraceMinutes: 1440,
  recordDays: 36_500,
  secondFactor: false,
  freshSignInMinutes: 60,
  stepUpMinutes: 60,
};
const frame = { colour: 'teal', glyph: 'ring', code: 'EVIL', name: 'crossed', emphasis: [0, 4] };

const unknown = (calls: VerbCase['calls']): VerbCase => ({ kind: 'unknown', calls });
const own = (calls: VerbCase['calls'] = () => [{}]): VerbCase => ({ kind: 'own', calls });

export const verbCases: Readonly<Record<string, VerbCase>> = {
  'workspace.enter': { kind: 'visit', calls: () => [] },
  'workspace.leave': { kind: 'visit', calls: () => [] },
  'workspace.reverify': unknown((_mine, theirs) => [
    { token: theirs.token() },
    { token: theirs.token(), purpose: 'step_up' },
    { token: theirs.token(), purpose: 'switch' },
  ]),
  'policy.get': own(),
  // Never what is stored: compare and set refuses it, in one's own workspace as anywhere.
  'policy.set': unknown(() => [{ expected: { ...policy, entryIdleMinutes: 6 }, policy }]),
  'frame.set': unknown((_mine, theirs) => [{ expected: { ...frame, name: theirs.org }, frame }]),
  'link.open': unknown((_mine, { machineId }) => [
    { machineId, alertId: null },
    { machineId, alertId: 'a' },
  ]),
  'machine.search': own((_mine, { bait, machineId }) => [
    { query: bait, settled: false, limit: 200 },
    { query: `PRINT-${bait}`, settled: true, limit: 200 },
    { query: machineId.slice(0, 20), settled: false, limit: 200 },
    { query: '', settled: false, limit: 200 },
  ]),
  'machine.list': own(() => [{ offset: 0, limit: 500 }]),
  'machine.get': unknown((_mine, { machineId }) => [{ machineId }]),
  'machine.probe': unknown((_mine, { machineId }) => [{ machineId }]),
  'machine.rename': unknown((_mine, { machineId, machineName }) => [
    { machineId, expected: machineName, name: 'CROSSED-01', confirmed: true },
    { machineId, expected: machineName, name: 'CROSSED-01', confirmed: false },
  ]),
  'machine.remove': unknown((_mine, { machineId, machineName }) => [{ machineId, name: machineName }]),
  'machine.release': unknown((_mine, { machineId }) => [{ machineId }]),
  'attempt.dismiss': own(),
  'session.open': unknown((_mine, { machineId }) => [{ machineId, size }]),
  'session.list': unknown((_mine, { machineId }) => [{ machineId }]),
  'session.take': unknown((mine, { sessionId, recordedId, userId }) => [
    { sessionId, from: userId },
    { sessionId, from: mine.userId },
    { sessionId: recordedId, from: userId },
  ]),
  'session.close': unknown((_mine, { sessionId, recordedId }) => [
    { sessionId },
    { sessionId: recordedId, commandsFrom: 0 },
  ]),
  'session.shell': unknown((_mine, { sessionId, recordedId }) => [{ sessionId }, { sessionId: recordedId }]),
  'runbook.list': own(),
  'runbook.save': unknown((_mine, { runbookId }) => [{ ...runbook, runbookId }]),
  'runbook.run': unknown((mine, { runbookId, sessionId }) => [
    { ...shown, runbookId, sessionId },
    { ...shown, runbookId: mine.runbookId, sessionId },
    { ...shown, runbookId, sessionId: mine.sessionId },
  ]),
  'paste.report': unknown((_mine, { sessionId, recordedId }) => [
    { ...paste, sessionId },
    { ...paste, sessionId: recordedId },
  ]),
  'enrollment.create': own(() => [{ machineName: 'CROSSED-02' }]),
  'enrollment.list': own(),
  'enrollment.rotate': unknown((_mine, { enrollmentId }) => [{ enrollmentId }]),
  'enrollment.revoke': unknown((_mine, { enrollmentId }) => [{ enrollmentId }]),
  'review.open': own(() => [{ fromMs: 0, toMs: 9e15 }]),
  'review.complete': own(() => [{ fromMs: 0, toMs: 9e15, verdict: 'clean' }]),
  'session.review': unknown((_mine, { sessionId, recordedId }) => [{ sessionId }, { sessionId: recordedId }]),
  'review.note': unknown((_mine, { sessionId, recordedId, machineId, entryId }) =>
    [sessionId, recordedId, machineId, entryId].map((itemId) => ({ itemId, text: 'crossed' })),
  ),
  'command.search': own((_mine, { bait, machineId }) =>
    [bait, machineId, '%', ''].map((query) => ({ query, fromMs: 0, toMs: 9e15, limit: 200 })),
  ),
  'recording.read': unknown((_mine, { sessionId, recordedId }) => [
    { sessionId, cursor: null, purpose: 'download' },
    { sessionId, cursor: null },
    { sessionId: recordedId, cursor: null },
    { sessionId: recordedId, cursor: 0 },
  ]),
  'audit.list': own(() => [{ afterSeq: 0, limit: 40 }]),
  'audit.checkpoint': own(() => [{ lastSeenSize: null }]),
  'audit.key': own(),
  'audit.rotateKey': own(),
  'evidence.open': own(() => [{ edition: 'reviewer', fromSeq: 1, toSeq: 20, lastSeenSize: null }]),
  'stream.get': own(),
  // Never what stands: compare and set refuses it, in one's own workspace as anywhere.
  'stream.set': unknown((_mine, { exportId }) => [{ expected: exportId, receiver: null, afterSeq: null }]),
  'evidence.read': unknown((_mine, { exportId }) => [{ exportId, afterSeq: 0 }]),
};

/** What a caller may try to slip in beside a verb's own parameters. */
export function smuggledInto(
  params: Readonly<Record<string, unknown>>,
  theirs: Subject,
): Record<string, unknown> {
  return {
    ...params,
    org: theirs.org,
    orgId: theirs.org,
    org_id: theirs.org,
    organizationId: theirs.org,
    organization: { id: theirs.org },
    o: { id: theirs.org, rol: 'admin' },
    workspace: theirs.org,
    entryId: theirs.entryId,
    userId: theirs.userId,
    sid: theirs.sid,
    'x-caisey-admission': theirs.org,
  };
}
