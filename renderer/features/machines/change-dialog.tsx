import { useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientDialog, DialogActions } from '../../design/client-dialog.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { Field } from '../../design/field.tsx';
import { isTyped } from '../../design/is-typed.ts';
import styles from './change-dialog.module.css';
import type { MachineChange } from './machine-changes.ts';
import { MachineName } from './machine-name.tsx';
import { apartFrom } from './tell-apart.ts';

type Of<K extends MachineChange['kind']> = Extract<MachineChange, { kind: K }>;

interface ChangeDialogProps {
  readonly change: MachineChange;
  readonly frame: WorkspaceFrame;
  readonly onRename: (name: string) => void;
  readonly onRemove: (typedName: string) => void;
  readonly onForgetDoubt: () => void;
  readonly onCancel: () => void;
}

/** Renames or removes one machine, and says of which client it is in that client's colour. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { change, frame, onCancel } = props;
  return (
    <ClientDialog
      frame={frame}
      title={
        <>
          {change.kind === 'rename' ? 'Rename' : 'Remove'} <b>{change.machine.name}</b>
        </>
      }
      about={
        <>
          in <ClientName frame={frame} />
        </>
      }
      onClose={onCancel}
    >
      {change.kind === 'rename' ? (
        <Rename {...props} change={change} />
      ) : (
        <Remove {...props} change={change} />
      )}
    </ClientDialog>
  );
}

function Rename({ change, onRename, onForgetDoubt, onCancel }: ChangeDialogProps & { change: Of<'rename'> }) {
  const { machine, busy, problem, doubt } = change;
  const [name, setName] = useState(doubt?.name ?? machine.name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== '' && name.trim() !== machine.name) onRename(name);
  };
  return (
    <form className={styles['step']} onSubmit={submit} aria-label="Rename the machine">
      <Field
        label="New name"
        autoComplete="off"
        spellCheck={false}
        autoFocus
        maxLength={120}
        value={name}
        readOnly={busy}
        error={problem}
        onChange={({ target }) => {
          setName(target.value);
          onForgetDoubt();
        }}
      />
      {doubt === null ? (
        <p className={styles['dim']}>The old name stays in the record of what was done on it.</p>
      ) : (
        <Doubt name={doubt.name} confusableWith={doubt.confusableWith} />
      )}
      <Actions onCancel={onCancel}>
        <Button
          kind={doubt === null ? 'primary' : 'plain'}
          type="submit"
          disabled={busy || name.trim() === '' || name.trim() === machine.name}
          chord="Enter"
          enter={`renames ${machine.name} to ${name.trim()}`}
          waits={busy ? 'the relay has answered' : 'the name is another one'}
        >
          {busy ? 'Asking the relay…' : doubt === null ? 'Rename' : 'Rename all the same'}
        </Button>
      </Actions>
    </form>
  );
}

function Doubt({ name, confusableWith }: { name: string; confusableWith: readonly string[] }) {
  const apart = confusableWith.map((other) => apartFrom(name, other)).find((span) => span !== null) ?? null;
  return (
    <div className={styles['doubt']} role="alert">
      <p className={styles['newName']}>
        <MachineName text={name} apart={apart} />
      </p>
      <p>At 2 AM it could be taken for:</p>
      <ul className={styles['names']}>
        {confusableWith.map((other) => (
          <li key={other}>
            <MachineName text={other} apart={apartFrom(other, name)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Remove({ change, onRemove, onCancel }: ChangeDialogProps & { change: Of<'remove'> }) {
  const { machine, busy, problem } = change;
  const [typed, setTyped] = useState('');
  const same = typed === machine.name;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (same) onRemove(typed);
  };
  return (
    <form className={styles['step']} onSubmit={submit} aria-label="Confirm by typing the name">
      <p className={styles['lead']}>
        Its sessions end, its agent is not let in again, and no search finds it. What was done on it stays for
        review. To have it back, its agent is enrolled anew.
      </p>
      <Field
        label={`Type ${machine.name}`}
        autoComplete="off"
        spellCheck={false}
        autoFocus
        maxLength={120}
        value={typed}
        readOnly={busy}
        error={problem}
        onChange={({ target, nativeEvent }) => {
          if (isTyped(typed, target.value, nativeEvent)) setTyped(target.value);
        }}
      />
      <Actions onCancel={onCancel}>
        <Button
          kind="danger"
          type="submit"
          disabled={busy || !same}
          chord="Enter"
          enter={`removes ${machine.name} from this client`}
          waits={busy ? 'the relay has answered' : `${machine.name} is typed`}
        >
          {busy ? 'Asking the relay…' : 'Remove the machine'}
        </Button>
      </Actions>
    </form>
  );
}

function Actions({ onCancel, children }: { onCancel: () => void; children: ReactNode }) {
  return (
    <DialogActions>
      <Button kind="quiet" onClick={onCancel} chord="Escape">
        Cancel
      </Button>
      {children}
    </DialogActions>
  );
}
