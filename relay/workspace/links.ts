// A link names a place and grants nothing: it opens an attempt, whether or not the machine exists here.
import type { VerbParams } from '#protocol/control/verbs.ts';
import { ulid } from '#protocol/ids.ts';
import { sealText } from '../audit/seal-text.ts';
import { openByLink } from './attempts.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { machineCard, refuseMachine } from './machines.ts';
import { recordByPerson } from './record-event.ts';

export function openLink(
  context: WorkspaceContext,
  entry: EntryRow,
  { machineId, alertId }: VerbParams<'link.open'>,
): Outcome<'link.open'> {
  const card = machineCard(context, machineId);
  context.storage.transactionSync(() => {
    openByLink(context, entry, alertId, card?.machineId ?? null);
    // An id that is unknown here may be another client's: it is proven, not shown.
    const sealed = card === null ? sealText(context.sql, context.random, machineId) : null;
    recordByPerson(
      context,
      entry,
      'link.opened',
      `link:${ulid(context.now(), context.random)}`,
      {
        alert_id: alertId,
        link_ok: card !== null,
        machine_id: card?.machineId ?? null,
        machine_hash: sealed?.hash ?? null,
      },
      { sealed: sealed === null ? [] : [{ field: 'machine_hash', sealedId: sealed.sealedId }] },
    );
  });
  return card === null ? refuseMachine(context, machineId) : { ok: true, result: card };
}
