import type { ReactNode } from 'react';
import type { StreamStanding } from '#protocol/stream.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { ClientDialog, DialogActions } from '../../design/client-dialog.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { ErrorCode } from '../../design/error-code.tsx';
import { Notice } from '../../design/notice.tsx';
import { StateDot } from '../../design/state-dot.tsx';
import { agoText, clockText, countText } from '../../design/time-text.ts';
import { useNow } from '../../design/use-now.ts';
import { ReceiverForm } from './receiver-form.tsx';
import styles from './stream-dialog.module.css';
import { isChanging } from './stream-store.ts';
import type { StreamState, StreamStore } from './stream-store.ts';
import { formText, kindText, stateOf, TROUBLES } from './stream-text.ts';

type Open = Extract<StreamState, { kind: 'open' }>;
export type StreamActions = Omit<StreamStore, 'store' | 'refresh'>;

interface StreamDialogProps {
  readonly state: Exclude<StreamState, { kind: 'closed' }>;
  readonly frame: WorkspaceFrame;
  readonly actions: StreamActions;
}

/** Whose record it is stands above it: sent to the wrong system, it is another client's. */
export function StreamDialog({ state, frame, actions }: StreamDialogProps) {
  return (
    <ClientDialog
      frame={frame}
      title={
        <>
          Live stream of <ClientName frame={frame} />
        </>
      }
      about="This client’s record, sent to a SIEM of its own as it grows"
      wide
      held={isChanging(state)}
      onClose={actions.close}
    >
      {state.kind === 'open' ? (
        <Step state={state} frame={frame} actions={actions} />
      ) : (
        <NotOpen state={state} actions={actions} />
      )}
    </ClientDialog>
  );
}

function NotOpen({
  state,
  actions,
}: Pick<StreamDialogProps, 'actions'> & { state: StreamDialogProps['state'] }) {
  return (
    <div className={styles['step']}>
      {state.kind === 'failed' ? (
        <Notice tone="warn" role="alert" title="The relay did not say where the record is sent">
          {state.error.text} <ErrorCode code={state.error.code} />
        </Notice>
      ) : (
        <p role="status" className={styles['dim']}>
          Asking the relay…
        </p>
      )}
      <DialogActions>
        <Close onClose={actions.close} isDefault={state.kind === 'failed' && !state.error.retryable} />
        {state.kind === 'failed' && state.error.retryable && (
          <Button
            kind="primary"
            onClick={() => void actions.open()}
            chord="Enter"
            enter="asks the relay again"
            autoFocus
          >
            Ask again
          </Button>
        )}
      </DialogActions>
    </div>
  );
}

function Step({ state, frame, actions }: { state: Open; frame: WorkspaceFrame; actions: StreamActions }) {
  const { standing, step } = state;
  switch (step.kind) {
    case 'editing':
      return <ReceiverForm standing={standing} busy={step.busy} problem={step.problem} actions={actions} />;
    case 'secret':
      return <Secret state={state} secret={step.secret} copied={step.copied} actions={actions} />;
    case 'stopping':
      return <Stopping frame={frame} busy={step.busy} problem={step.problem} actions={actions} />;
    case 'standing':
      return standing === null ? (
        <Nowhere actions={actions} />
      ) : (
        <div className={styles['step']}>
          <HowFar state={state} standing={standing} />
          <DialogActions>
            <Close onClose={actions.close} />
            <span className={styles['buttons']}>
              <Button onClick={actions.askToStop}>Stop sending</Button>
              <Button
                kind="primary"
                onClick={actions.edit}
                chord="Enter"
                enter="asks for another receiver; changes nothing yet"
                autoFocus
              >
                Change the receiver
              </Button>
            </span>
          </DialogActions>
        </div>
      );
  }
}

function Nowhere({ actions }: { actions: StreamActions }) {
  return (
    <div className={styles['step']}>
      <p className={styles['state']} role="status">
        <StateDot state="off" /> <b>Off</b> <span className={styles['dim']}>The record is sent nowhere.</span>
      </p>
      <p className={styles['dim']}>
        It stays with the relay all the same, and the review exports it. A stream sends each event within
        seconds after it is signed: in order, at least once, and without what is sealed.
      </p>
      <DialogActions>
        <Close onClose={actions.close} />
        <Button
          kind="primary"
          onClick={actions.edit}
          chord="Enter"
          enter="asks for a receiver; sends nothing yet"
          autoFocus
        >
          Name a receiver
        </Button>
      </DialogActions>
    </div>
  );
}

function HowFar({ state, standing }: { state: Open; standing: StreamStanding }) {
  const { receiver, failing, sentSeq, signedSeq } = standing;
  const now = useNow(1000);
  const { dot, text } = stateOf(standing);
  return (
    <>
      <p className={styles['state']} role="status" aria-label="State of the stream">
        <StateDot state={dot} /> <b>{text}</b>
      </p>
      {failing !== null && (
        <Notice tone="warn" role="alert" title={TROUBLES[failing.trouble].title}>
          {TROUBLES[failing.trouble].next} Nothing is lost: what is not taken waits.{' '}
          <ErrorCode code={failing.trouble} />
        </Notice>
      )}
      <dl className={styles['facts']}>
        <Fact name="Receiver">
          {kindText(receiver)} at <b className={styles['host']}>{receiver.host}</b>
        </Fact>
        <Fact name="Shape">{formText(receiver)}</Fact>
        <Fact name="Delivered up to">
          event {Math.min(sentSeq, signedSeq).toLocaleString('en')} of {signedSeq.toLocaleString('en')} signed
        </Fact>
        {failing !== null && (
          <>
            <Fact name="Since">
              {clockText(failing.sinceMs, true)}, {agoText(failing.sinceMs, now)}
            </Fact>
            <Fact name="Tried">
              {countText(failing.tries, 'time')}
              {failing.nextTryAt !== null && `, again at ${clockText(failing.nextTryAt, true)}`}
            </Fact>
          </>
        )}
      </dl>
      {state.stale !== null && (
        <p role="alert" className={styles['problem']}>
          This may be old: {state.stale.text} <ErrorCode code={state.stale.code} />
        </p>
      )}
    </>
  );
}

function Secret({
  state,
  secret,
  copied,
  actions,
}: {
  state: Open;
  secret: string;
  copied: boolean;
  actions: StreamActions;
}) {
  return (
    <div className={styles['step']}>
      <p>Each batch is signed with this secret. Give it to the receiver now: it is not shown again.</p>
      <code className={styles['secret']} data-testid="stream-secret">
        {secret}
      </code>
      {state.standing !== null && <HowFar state={state} standing={state.standing} />}
      <DialogActions>
        <Close onClose={actions.close} />
        <span className={styles['buttons']}>
          <Button onClick={actions.back}>Done</Button>
          <Button
            kind="primary"
            onClick={actions.copySecret}
            chord="Enter"
            enter="copies the secret"
            autoFocus
          >
            {copied ? 'Copied' : 'Copy the secret'}
          </Button>
        </span>
      </DialogActions>
    </div>
  );
}

function Stopping({
  frame,
  busy,
  problem,
  actions,
}: {
  frame: WorkspaceFrame;
  busy: boolean;
  problem: string | null;
  actions: StreamActions;
}) {
  return (
    <div className={styles['step']}>
      <p>
        The receiver gets nothing more of <ClientName frame={frame} />, and its address and token are
        forgotten. The record goes on, and says who stopped it.
      </p>
      {problem !== null && (
        <p role="alert" className={styles['problem']}>
          {problem}
        </p>
      )}
      <DialogActions>
        <Button onClick={actions.back} disabled={busy} chord="Enter" enter="keeps sending" autoFocus>
          Keep sending
        </Button>
        <Button kind="danger" onClick={() => void actions.stop()} disabled={busy}>
          {busy ? 'Asking the relay…' : 'Stop sending'}
        </Button>
      </DialogActions>
    </div>
  );
}

function Close({ onClose, isDefault = false }: { onClose: () => void; isDefault?: boolean }) {
  return (
    <Button
      kind={isDefault ? 'plain' : 'quiet'}
      onClick={onClose}
      chord="Escape"
      enter="closes this"
      autoFocus={isDefault}
    >
      Close
    </Button>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
