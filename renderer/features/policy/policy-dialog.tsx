import { useState } from 'react';
import type { FormEvent } from 'react';
import type { OrganizationPolicy } from '#protocol/policy.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientDialog, DialogActions } from '../../design/client-dialog.tsx';
import { ClientName } from '../../design/client-name.tsx';
import styles from './policy-dialog.module.css';
import { useNow } from '../../design/use-now.ts';
import { draftOf, faultsOf, keptText, NUMBER_FIELDS, policyOf } from './policy-fields.ts';
import type { NumberField } from './policy-fields.ts';
import type { PolicyState } from './policy-store.ts';

interface PolicyDialogProps {
  readonly state: Exclude<PolicyState, { kind: 'closed' }>;
  readonly frame: WorkspaceFrame;
  readonly mayChange: boolean;
  readonly onSave: (policy: OrganizationPolicy) => void;
  readonly onClose: () => void;
}

/** Whose rules these are stands above them, as everywhere. */
export function PolicyDialog(props: PolicyDialogProps) {
  const { state, frame, onClose } = props;
  return (
    <ClientDialog
      frame={frame}
      title={
        <>
          Rules of <ClientName frame={frame} />
        </>
      }
      onClose={onClose}
    >
      {state.kind === 'loading' ? (
        <div className={styles['form']}>
          <p role="status" className={styles['dim']}>
            {state.problem ?? 'Asking the relay…'}
          </p>
          <DialogActions>
            <Button kind="quiet" onClick={onClose} chord="Escape" autoFocus>
              Close
            </Button>
          </DialogActions>
        </div>
      ) : (
        <Rules {...props} state={state} />
      )}
    </ClientDialog>
  );
}

function Rules({
  state: { holds, freshSignInMinutesMax, busy, note },
  frame,
  mayChange,
  onSave,
  onClose,
}: PolicyDialogProps & { state: Extract<PolicyState, { kind: 'shown' }> }) {
  const [draft, setDraft] = useState(() => draftOf(holds));
  const [asked, setAsked] = useState(false);
  const faults = faultsOf(draft, freshSignInMinutesMax);
  const changed = JSON.stringify(draft) !== JSON.stringify(draftOf(holds));
  const shown: Partial<Record<NumberField, string>> = asked ? faults : {};
  const kept = keptText(draft.recordDays, holds.recordDays, useNow(60_000));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (mayChange && !busy && changed && Object.keys(faults).length === 0) onSave(policyOf(draft));
  };
  return (
    <form className={styles['form']} onSubmit={submit} noValidate aria-label="Rules of this client">
      {NUMBER_FIELDS.map(({ field, label, says, least, unit }, index) => (
        <div className={styles['row']} key={field}>
          <label className={styles['label']} htmlFor={`policy-${field}`}>
            {label}
          </label>
          <span className={styles['minutes']}>
            <input
              id={`policy-${field}`}
              className={styles['input']}
              inputMode="numeric"
              autoComplete="off"
              autoFocus={mayChange && index === 0}
              value={draft[field]}
              readOnly={busy}
              disabled={!mayChange}
              aria-invalid={shown[field] !== undefined}
              aria-describedby={`policy-${field}-says`}
              onChange={({ target }) => setDraft({ ...draft, [field]: target.value })}
              onKeyDown={(event) => {
                const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
                if (by === 0 || !mayChange || busy) return;
                event.preventDefault();
                setDraft({ ...draft, [field]: String(Math.max(least, (Number(draft[field]) || 0) + by)) });
              }}
            />
            <span>{unit === 'days' ? 'days' : 'min'}</span>
          </span>
          <p
            id={`policy-${field}-says`}
            className={styles['says']}
            data-fault={shown[field] !== undefined || (field === 'recordDays' && kept?.removes === true)}
            role={shown[field] === undefined ? undefined : 'alert'}
          >
            {shown[field] ?? (field === 'recordDays' ? kept?.text : undefined) ?? says}
          </p>
        </div>
      ))}
      <label className={styles['row']}>
        <span className={styles['label']}>Second factor</span>
        <span className={styles['minutes']}>
          <input
            type="checkbox"
            className={styles['check']}
            checked={draft.secondFactor}
            disabled={!mayChange || busy}
            onChange={({ target }) => setDraft({ ...draft, secondFactor: target.checked })}
          />
          <span>demanded</span>
        </span>
        <span className={styles['says']}>
          Whoever enters from then on needs one, as fresh as the password.
        </span>
      </label>
      {note !== null && (
        <p role={note.kind === 'saved' ? 'status' : 'alert'} className={styles['note']} data-kind={note.kind}>
          {note.kind === 'saved' &&
            'Saved. Times hold at once, also for who is in now; sign-in rules from the next sign-in on.'}
          {note.kind === 'conflict' &&
            'Somebody changed these rules in the meantime. What stands here is yours: saving it replaces theirs.'}
          {note.kind === 'problem' && note.text}
        </p>
      )}
      <DialogActions>
        <Button
          kind={mayChange ? 'quiet' : 'plain'}
          onClick={onClose}
          chord="Escape"
          enter="closes the rules"
          autoFocus={!mayChange}
        >
          Close
        </Button>
        {mayChange ? (
          <Button
            kind="primary"
            type="submit"
            disabled={busy || !changed}
            chord="Enter"
            enter={savesText(frame.name, kept?.removes === true, note?.kind === 'conflict')}
            waits={busy ? 'the relay has answered' : 'a rule is changed'}
          >
            {busy ? 'Saving…' : 'Save'}
          </Button>
        ) : (
          <span className={styles['dim']}>Administrators change these.</span>
        )}
      </DialogActions>
    </form>
  );
}

function savesText(client: string, removes: boolean, replaces: boolean): string {
  const harms = [
    ...(removes ? ['removes for good what is older'] : []),
    ...(replaces ? ['replaces another’s change'] : []),
  ];
  return [`saves these rules for ${client}`, ...harms].join('; ');
}
