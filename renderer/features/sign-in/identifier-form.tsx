import { useState } from 'react';
import type { FormEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { OtherProblem, problemOf } from './problem.tsx';
import styles from './sign-in-screen.module.css';
import type { Problem } from './sign-in-store.ts';

/** Who it is. What the account then asks for is the identity service's to say. */
export function IdentifierForm({
  busy,
  problem,
  email,
  onSubmit,
}: {
  busy: boolean;
  problem: Problem | null;
  email: string;
  onSubmit: (email: string) => void;
}) {
  const [address, setAddress] = useState(email);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) onSubmit(address.trim());
  };
  return (
    <form className={styles['form']} onSubmit={submit} aria-label="Sign in">
      <Field
        label="E-mail"
        type="email"
        autoComplete="username"
        required
        autoFocus
        value={address}
        readOnly={busy}
        error={problemOf(problem, 'email')}
        onChange={({ target }) => setAddress(target.value)}
      />
      <OtherProblem problem={problem} shown="email" />
      <Button
        kind="primary"
        type="submit"
        disabled={busy || address.trim() === ''}
        chord="Enter"
        enter="goes on with this address"
        waits={busy ? 'your account is looked up' : 'an address is typed'}
      >
        {busy ? 'Looking up your account…' : 'Continue'}
      </Button>
    </form>
  );
}
