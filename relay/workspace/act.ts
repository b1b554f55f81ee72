// What each kind of row in table `due` stands for, once its time has come.
import { ClerkSessionId, EntryId, SessionId } from '#protocol/ids.ts';
import { CHECKPOINT_DUE } from '../audit/append-event.ts';
import { signCheckpoint } from '../audit/sign-checkpoint.ts';
import { signInOf } from '../auth/routing.ts';
import { ERASE_DUE, eraseRecording, pruneRecord } from '../retention/prune-record.ts';
import { PRUNE_DUE } from '../retention/pruned.ts';
import type { Due } from '../storage/due.ts';
import type { StreamDelivery } from '../stream/stream-delivery.ts';
import { STREAM_DUE } from '../stream/stream-row.ts';
import type { WorkspaceContext } from './context.ts';
import { expireEnrollments } from './enrollment-codes.ts';
import { checkLimits } from './entry-limits.ts';
import { checkEntry } from './entry-watch.ts';
import { deliverHandOver, endKept } from './running-sessions.ts';
import { checkStarted, deliverDetach, deliverEnd, deliverLeave } from './sessions.ts';

/** @param streamOf the workspace's one delivery, made when it is first needed */
export async function act(
  context: WorkspaceContext,
  due: Due,
  streamOf: () => StreamDelivery,
): Promise<void> {
  switch (due.kind) {
    case CHECKPOINT_DUE:
      return void (await signCheckpoint(context));
    case PRUNE_DUE:
      return pruneRecord(context);
    case ERASE_DUE:
      return eraseRecording(context, due.arg);
    case STREAM_DUE:
      return streamOf().wake();
    case 'entry.check':
      return checkEntry(context, EntryId.parse(due.arg));
    case 'entry.limit':
      return checkLimits(context, EntryId.parse(due.arg));
    case 'enrollment.expire':
      return expireEnrollments(context);
    case 'session.start':
      return checkStarted(context, due.arg);
    case 'spend':
      await signInOf(context.env, ClerkSessionId.parse(due.arg)).spend();
      return;
    case 'session.end':
      return deliverEnd(context, due.arg);
    case 'session.keep':
      return endKept(context, due.arg);
    case 'session.hand':
      return deliverHandOver(context, SessionId.parse(due.arg));
    case 'sessions.leave':
      return deliverLeave(context, EntryId.parse(due.arg));
    case 'sessions.detach':
      return deliverDetach(context, EntryId.parse(due.arg));
    default:
      throw new Error(`Unknown due kind ${due.kind}.`);
  }
}
