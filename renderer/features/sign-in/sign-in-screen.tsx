import { useEffect, useRef, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { Gate } from '../../design/gate.tsx';
import { Notice } from '../../design/notice.tsx';
import { useNow } from '../../design/use-now.ts';
import styles from './sign-in-screen.module.css';
import type { Problem, SignInState } from './sign-in-store.ts';

interface SignInScreenProps {
  readonly frame: WorkspaceFrame;
  readonly state: SignInState;
  readonly email: string;
  readonly linkWaiting: boolean;
  readonly remembersDevice: boolean;
  /** Why this screen is here again: what the relay refused. */
  readonly note: { readonly title: string; readonly text: string } | null;
  readonly onPassword: (email: string, password: string) => void;
  readonly onCode: (code: string) => void;
  readonly onRestart: () => void;
}

/** Says which client is being entered before it asks for anything. */
export function SignInScreen(props: SignInScreenProps) {
  const { frame, state, linkWaiting, remembersDevice, note } = props;
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
      <SignInStep {...props} key={state.kind} />
      {!remembersDevice && (
        <p className={styles['aside']}>
          This computer offers no key store, so the console keeps nothing of your sign-in when it closes.
        </p>
      )}
    </Gate>
  );
}

/** What the sign-in asks for now, wherever it stands. */
export function SignInStep({
  state,
  email,
  onPassword,
  onCode,
  onRestart,
}: Pick<SignInScreenProps, 'state' | 'email' | 'onPassword' | 'onCode' | 'onRestart'>): ReactNode {
  switch (state.kind) {
    case 'preparing':
      return <p className={styles['waiting']}>Reaching the sign-in service…</p>;
    case 'unreachable':
      return <Unreachable state={state} onRetry={onRestart} />;
    case 'password':
      return <PasswordForm {...state} email={email} onSubmit={onPassword} />;
    case 'code':
      return <CodeForm {...state} onSubmit={onCode} onBack={onRestart} />;
    case 'unsupported':
      return (
        <Notice
          tone="warn"
          role="alert"
          title={`Your account asks for ${state.factor}`}
          actions={
            <Button onClick={onRestart} autoFocus>
              Start again
            </Button>
          }
        >
          This console signs in with a password and an authenticator app only. Ask an administrator to allow
          these for your account.
        </Notice>
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
        <Button onClick={onRetry} autoFocus>
          Try now
        </Button>
      }
    >
      Check the network.{' '}
      <span aria-hidden="true">{seconds === 0 ? 'Trying now.' : `Next try in ${seconds} s.`}</span>
    </Notice>
  );
}

function problemOf(problem: Problem | null, field: Problem['field']): string | null {
  return problem?.field === field ? problem.text : null;
}

function PasswordForm({
  busy,
  problem,
  email,
  onSubmit,
}: {
  busy: boolean;
  problem: Problem | null;
  email: string;
  onSubmit: (email: string, password: string) => void;
}) {
  const [address, setAddress] = useState(email);
  const [password, setPassword] = useState('');
  const passwordField = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // After a refusal the next thing to do is to type the password again.
    if (problem !== null) passwordField.current?.select();
  }, [problem]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit(address.trim(), password);
  };
  return (
    <form className={styles['form']} onSubmit={submit} aria-label="Sign in">
      <Field
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        autoFocus={email === ''}
        value={address}
        readOnly={busy}
        error={problemOf(problem, 'email')}
        onChange={({ target }) => setAddress(target.value)}
      />
      <Field
        ref={passwordField}
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus={email !== ''}
        value={password}
        readOnly={busy}
        error={problemOf(problem, 'password')}
        onChange={({ target }) => setPassword(target.value)}
      />
      <OtherProblem problem={problem} />
      <Button kind="primary" type="submit" disabled={busy} chord="Enter">
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}

function CodeForm({
  busy,
  problem,
  onSubmit,
  onBack,
}: {
  busy: boolean;
  problem: Problem | null;
  onSubmit: (code: string) => void;
  onBack: () => void;
}) {
  const [code, setCode] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The next code replaces the one that was refused.
    if (problem !== null) field.current?.select();
  }, [problem]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit(code.replaceAll(/\s/g, ''));
  };
  return (
    <form className={styles['form']} onSubmit={submit} aria-label="Second factor">
      <Field
        ref={field}
        label="Code from your authenticator app"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
        autoFocus
        maxLength={8}
        value={code}
        readOnly={busy}
        error={problemOf(problem, 'code')}
        onChange={({ target }) => setCode(target.value)}
      />
      <OtherProblem problem={problem} />
      <div className={styles['pair']}>
        <Button kind="quiet" onClick={onBack}>
          Start again
        </Button>
        <Button kind="primary" type="submit" disabled={busy} chord="Enter">
          {busy ? 'Checking…' : 'Continue'}
        </Button>
      </div>
    </form>
  );
}

function OtherProblem({ problem }: { problem: Problem | null }) {
  if (problem?.field !== 'other') return null;
  return (
    <p role="alert" className={styles['problem']}>
      {problem.text}
    </p>
  );
}
