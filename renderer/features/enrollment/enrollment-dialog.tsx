import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { EnrollmentId, MachineId } from '#protocol/ids.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientDialog, DialogActions } from '../../design/client-dialog.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { Field } from '../../design/field.tsx';
import { StateDot } from '../../design/state-dot.tsx';
import { useNow } from '../../design/use-now.ts';
import styles from './enrollment-dialog.module.css';
import type { EnrollmentState, OpenCode } from './enrollment-store.ts';
import { leftText } from './left-text.ts';
import { OpenCodesList } from './open-codes-list.tsx';

type Shown = Exclude<EnrollmentState, { kind: 'closed' }>;
type Of<K extends Shown['kind']> = Extract<Shown, { kind: K }>;

interface EnrollmentDialogProps {
  readonly state: Shown;
  readonly frame: WorkspaceFrame;
  readonly onCreate: (machineName: string) => void;
  readonly onChoose: (enrollmentId: EnrollmentId | null) => void;
  readonly onRotate: (code: OpenCode) => void;
  readonly onRevoke: (code: OpenCode) => void;
  readonly onCopy: () => void;
  readonly onOpenCard: (machineId: MachineId) => void;
  readonly onClose: () => void;
}

/** Always says into which client: a machine enrolled into the wrong one is what this product is against. */
export function EnrollmentDialog(props: EnrollmentDialogProps) {
  const { state, frame, onClose } = props;
  return (
    <ClientDialog
      frame={frame}
      title={
        <>
          Enroll a machine in <ClientName frame={frame} />
        </>
      }
      wide
      onClose={onClose}
    >
      <Step {...props} key={state.kind} />
    </ClientDialog>
  );
}

function Step(props: EnrollmentDialogProps) {
  const { state, onCreate, onCopy, onOpenCard, onClose } = props;
  switch (state.kind) {
    case 'naming':
      return <Naming {...props} state={state} />;
    case 'waiting':
      return <Waiting state={state} onCreate={onCreate} onCopy={onCopy} onClose={onClose} />;
    case 'enrolled':
      return <Enrolled state={state} onOpenCard={onOpenCard} onClose={onClose} />;
  }
}

function Naming({
  state,
  onCreate,
  onChoose,
  onRotate,
  onRevoke,
  onClose,
}: { state: Of<'naming'> } & Omit<EnrollmentDialogProps, 'state' | 'frame' | 'onCopy' | 'onOpenCard'>) {
  const [name, setName] = useState(state.name);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!state.busy && name.trim() !== '') onCreate(name);
  };
  return (
    <>
      <form className={styles['step']} onSubmit={submit} aria-label="Name the machine">
        <Field
          ref={field}
          label="Machine name"
          placeholder="As it will be searched for"
          autoComplete="off"
          spellCheck={false}
          required
          autoFocus
          maxLength={120}
          value={name}
          readOnly={state.busy}
          error={state.problem}
          onChange={({ target }) => setName(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            list.current?.focus();
          }}
        />
        <p className={styles['dim']}>You get a code for one machine, good for ten minutes.</p>
        <DialogActions>
          <Button kind="quiet" onClick={onClose} chord="Escape">
            Cancel
          </Button>
          <Button
            kind="primary"
            type="submit"
            disabled={state.busy || name.trim() === ''}
            chord="Enter"
            enter={`creates a code for ${name.trim()}`}
            waits={state.busy ? 'the relay has answered' : 'a name is typed'}
          >
            {state.busy ? 'Asking the relay…' : 'Create the code'}
          </Button>
        </DialogActions>
      </form>
      <OpenCodesList
        ref={list}
        codes={state.codes}
        busy={state.busy}
        onChoose={onChoose}
        onRotate={onRotate}
        onRevoke={onRevoke}
        onLeave={() => field.current?.focus()}
      />
    </>
  );
}

function Waiting({
  state,
  onCreate,
  onCopy,
  onClose,
}: { state: Of<'waiting'> } & Pick<EnrollmentDialogProps, 'onCreate' | 'onCopy' | 'onClose'>) {
  const leftMs = state.endsAtMs - useNow(250);
  const over = leftMs <= 0;
  return (
    <div className={styles['step']}>
      <p className={styles['lead']}>
        {over
          ? 'The code has expired. No machine used it.'
          : 'Run this on the machine, as the user that its shells will run as:'}
      </p>
      {!over && (
        <code className={styles['command']} data-testid="enroll-command">
          {state.command}
        </code>
      )}
      <p className={styles['wait']} role="status">
        <StateDot state={over ? 'off' : 'waiting'} />
        {over ? (
          'Create a new code to go on.'
        ) : (
          <>
            <span>
              Waiting for <b>{state.machineName}</b>
            </span>
            <span className={styles['dim']}>The code is shown once and is good for {leftText(leftMs)}</span>
          </>
        )}
      </p>
      <DialogActions>
        <Button kind="quiet" onClick={onClose} chord="Escape">
          Close
        </Button>
        {over ? (
          <Button
            kind="primary"
            onClick={() => onCreate(state.machineName)}
            chord="Enter"
            enter={`creates a new code for ${state.machineName}`}
            autoFocus
            key="new"
          >
            Create a new code
          </Button>
        ) : (
          <Button
            kind="primary"
            onClick={onCopy}
            chord="Enter"
            enter={`copies the command for ${state.machineName}`}
            autoFocus
            key="copy"
          >
            {state.copied ? 'Copied' : 'Copy the command'}
          </Button>
        )}
      </DialogActions>
    </div>
  );
}

function Enrolled({
  state,
  onOpenCard,
  onClose,
}: { state: Of<'enrolled'> } & Pick<EnrollmentDialogProps, 'onOpenCard' | 'onClose'>) {
  const { machine } = state;
  return (
    <div className={styles['step']}>
      <p className={styles['wait']} role="status">
        <StateDot state="good" />
        <span>
          Enrolled: <b>{machine.name}</b>
        </span>
        <span className={styles['dim']}>
          {machine.hostname} · {machine.os}
        </span>
      </p>
      <DialogActions>
        <Button kind="quiet" onClick={onClose} chord="Escape">
          Close
        </Button>
        <Button
          kind="primary"
          onClick={() => onOpenCard(machine.machineId)}
          chord="Enter"
          enter={`opens the card of ${machine.name}`}
          autoFocus
        >
          Show the machine
        </Button>
      </DialogActions>
    </div>
  );
}
