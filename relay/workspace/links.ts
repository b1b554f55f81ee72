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
    const fields = { link_ok: card !== null, machine_id: card?.machineId ?? null };
    const opId = `link:${ulid(context.now(), context.random)}`;
    if (card !== null) {
      const shown = { ...fields, alert_id: alertId, alert_hash: null, machine_hash: null };
      recordByPerson(context, entry, 'link.opened', opId, shown);
      return;
    }
    // A machine that is unknown here may be another client's, and the alert about it: proven, not shown.
    const machine = sealText(context.sql, context.random, machineId);
    const alert = alertId === null ? null : sealText(context.sql, context.random, alertId);
    const sealed = [{ field: 'machine_hash', sealedId: machine.sealedId }];
    if (alert !== null) sealed.push({ field: 'alert_hash', sealedId: alert.sealedId });
    recordByPerson(
      context,
      entry,
      'link.opened',
      opId,
      { ...fields, alert_id: null, alert_hash: alert?.hash ?? null, machine_hash: machine.hash },
      { sealed },
    );
  });
  return card === null ? refuseMachine(context, machineId) : { ok: true, result: card };
}
