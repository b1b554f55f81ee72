import type { ReactNode } from 'react';
import { Button } from '../../design/button.tsx';
import { chordsOf } from '../../design/keys/key-table.ts';
import { useKeys } from '../../design/keys/use-keys.ts';
import styles from './sign-in-screen.module.css';
import type { AskingFactor, SignInActions } from './sign-in-store.ts';

/** Whose sign-in it is, above what is asked. */
export function SignInOf({ email }: { email: string }) {
  return (
    <p className={styles['who']}>
      Signing in as <b>{email}</b>
    </p>
  );
}

/** Beside what is asked: begin anew, choose another way, and what the step itself offers. */
export function StepFooter({
  state,
  actions,
  children,
}: {
  state: AskingFactor;
  actions: SignInActions;
  children?: ReactNode;
}) {
  const others = state.factors.length > 1;
  useKeys({
    signInRestart: actions.restart,
    ...(others ? { signInOther: actions.showChoice } : {}),
  });
  return (
    <div className={styles['footer']}>
      <Button kind="quiet" onClick={actions.restart} {...chord('signInRestart')}>
        Start again
      </Button>
      {others && (
        <Button kind="quiet" onClick={actions.showChoice} {...chord('signInOther')}>
          Another way
        </Button>
      )}
      {children}
    </div>
  );
}

function chord(action: 'signInRestart' | 'signInOther') {
  const [first] = chordsOf(action);
  return first === undefined ? {} : { chord: first };
}
