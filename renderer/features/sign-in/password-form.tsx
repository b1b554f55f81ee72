import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { OtherProblem, problemOf } from './problem.tsx';
import styles from './sign-in-screen.module.css';
import type { SignInActions, SignInState } from './sign-in-store.ts';
import { SignInOf, StepFooter } from './step-footer.tsx';

export function PasswordForm({
  state,
  actions,
}: {
  state: Extract<SignInState, { kind: 'password' }>;
  actions: SignInActions;
}) {
  const { busy, problem, email } = state;
  const [password, setPassword] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // After a refusal the next thing to do is to type the password again.
    if (problem !== null) field.current?.select();
  }, [problem]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) actions.submitPassword(password);
  };
  return (
    <form className={styles['form']} onSubmit={submit} aria-label="Sign in">
      <SignInOf email={email} />
      <Field
        ref={field}
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        value={password}
        readOnly={busy}
        error={problemOf(problem, 'password')}
        onChange={({ target }) => setPassword(target.value)}
      />
      <OtherProblem problem={problem} shown="password" />
      <Button
        kind="primary"
        type="submit"
        disabled={busy || password === ''}
        chord="Enter"
        enter={`signs in as ${email}`}
        waits={busy ? 'the sign-in service has answered' : 'the password is typed'}
      >
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
      <StepFooter state={state} actions={actions} />
    </form>
  );
}
