import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import type { EntryId, MachineId, SessionId, UserId } from '#protocol/ids.ts';
import type { SessionEndReason } from '#protocol/records.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';
import type { RecordingPage } from '../recordings/recording-archive.ts';

/** A stay that has the keyboard of a session. */
export interface Typist {
  readonly entryId: EntryId;
  readonly userId: UserId;
  readonly name: string;
}

export interface SessionBirth {
  readonly org: VerifiedOrg;
  readonly machineId: MachineId;
  readonly sessionId: SessionId;
  readonly size: TerminalSize;
  readonly typist: Typist;
}

/** What the TerminalSession object answers to its Workspace. Each call names its organization again. */
export interface TerminalCalls {
  /** First of all calls: an object that was not created refuses everything. */
  create(birth: SessionBirth): Promise<void>;
  /**
   * End the session: the agent is told, its last output recorded, the end reported to the Workspace.
   * False when it was never created here: then there is nothing to wait for.
   */
  end(org: VerifiedOrg, reason: SessionEndReason): Promise<boolean>;
  /** The keyboard is this stay's from here on. Again: nothing changes. */
  handOver(org: VerifiedOrg, typist: Typist): Promise<void>;
  /** Close the sockets of this stay with this code; the session goes on. `forGood`: it never attaches again. */
  detach(org: VerifiedOrg, entryId: EntryId, code: ErrorCode, forGood: boolean): Promise<void>;
  /** The recording is removed for good, here and in the store; what is left is when there was a session. */
  eraseRecording(org: VerifiedOrg): Promise<void>;
  /**
   * A page of the recording from `cursor` (null: the start); `nextCursor` null: that was the last one.
   * @param sha256 its end as the workspace recorded it, null before the end: what does not lead there is refused
   */
  readRecording(org: VerifiedOrg, cursor: number | null, sha256: string | null): Promise<RecordingPage>;
}
