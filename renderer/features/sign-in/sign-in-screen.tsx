import type { ReactNode } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { Gate } from '../../design/gate.tsx';
import { Notice } from '../../design/notice.tsx';
import { useNow } from '../../design/use-now.ts';
import { BrowserForm } from './browser-form.tsx';
import { ChoiceForm } from './choice-form.tsx';
import { CodeForm } from './code-form.tsx';
import { IdentifierForm } from './identifier-form.tsx';
import { PasswordForm } from './password-form.tsx';
import styles from './sign-in-screen.module.css';
import type { SignInActions, SignInState } from './sign-in-store.ts';

interface SignInStepProps {
  readonly state: SignInState;
  /** Typed last, to begin with. */
  readonly email: string;
  readonly actions: SignInActions;
}

interface SignInScreenProps extends SignInStepProps {
  readonly frame: WorkspaceFrame;
  readonly linkWaiting: boolean;
  readonly remembersDevice: boolean;
  /** Why this screen is here again: what the relay refused. */
  readonly note: { readonly title: string; readonly text: string } | null;
}

/** Says which client is being entered before it asks for anything. */
export function SignInScreen({
  frame,
  linkWaiting,
  remembersDevice,
  note,
  state,
  ...step
}: SignInScreenProps) {
  return (
    <Gate frame={frame} title="Sign in to">
      {note !== null && (
        <Notice tone="warn" title={note.title} role="alert">
          {note.text}
        </Notice>
      )}
      {linkWaiting && (
        <Notice title="A link to a machine is waiting">
          It opens after sign-in and connects to nothing by itself.
        </Notice>
      )}
      <SignInStep {...step} state={state} />
      {!remembersDevice && state.kind === 'identifier' && (
        <p className={styles['aside']}>
          This computer offers no key store, so the console keeps nothing of your sign-in when it closes.
        </p>
      )}
    </Gate>
  );
}

/** What the sign-in asks for now, wherever it stands. */
export function SignInStep({ state, email, actions }: SignInStepProps): ReactNode {
  switch (state.kind) {
    case 'preparing':
      return <p className={styles['waiting']}>Reaching the sign-in service…</p>;
    case 'unreachable':
      return <Unreachable state={state} onRetry={actions.restart} />;
    case 'identifier':
      return <IdentifierForm {...state} email={email} onSubmit={actions.identify} />;
    case 'password':
      return <PasswordForm state={state} actions={actions} />;
    case 'code':
      return <CodeForm key={state.factor.kind} state={state} actions={actions} />;
    case 'browser':
      return <BrowserForm state={state} actions={actions} />;
    case 'choose':
      return <ChoiceForm state={state} actions={actions} />;
    case 'unsupported':
      return (
        <div className={styles['form']}>
          <Notice tone="warn" role="alert" title={`Your account asks for ${state.factor}`}>
            {state.next}
          </Notice>
          <Button
            kind="primary"
            onClick={actions.restart}
            autoFocus
            chord="Enter"
            enter="starts the sign-in again, with another address"
          >
            Start again
          </Button>
        </div>
      );
    case 'done':
      return <p className={styles['waiting']}>Signed in. Entering…</p>;
  }
}

function Unreachable({
  state,
  onRetry,
}: {
  state: Extract<SignInState, { kind: 'unreachable' }>;
  onRetry: () => void;
}) {
  const now = useNow(500);
  const seconds = Math.max(0, Math.ceil((state.retryAtMs - now) / 1000));
  return (
    <Notice
      tone="warn"
      role="alert"
      title="The sign-in service cannot be reached"
      actions={
        <Button onClick={onRetry} autoFocus chord="Enter" enter="asks the sign-in service again now">
          Try now
        </Button>
      }
    >
      Check the network.{' '}
      <span aria-hidden="true">{seconds === 0 ? 'Trying now.' : `Next try in ${seconds} s.`}</span>
    </Notice>
  );
}
