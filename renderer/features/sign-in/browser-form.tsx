import type { FormEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { OtherProblem } from './problem.tsx';
import styles from './sign-in-screen.module.css';
import type { SignInActions, SignInState } from './sign-in-store.ts';
import { SignInOf, StepFooter } from './step-footer.tsx';

/** The browser opens when the person says so, and this window waits for them to come back. */
export function BrowserForm({
  state,
  actions,
}: {
  state: Extract<SignInState, { kind: 'browser' }>;
  actions: SignInActions;
}) {
  const { email, problem, waiting } = state;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    actions.openBrowser();
  };
  return (
    <form className={styles['form']} onSubmit={submit} aria-label="Sign in">
      <SignInOf email={email} />
      <p className={styles['why']} role="status">
        {waiting
          ? 'Finish signing in in your browser. It brings you back to this window, which goes on by itself.'
          : 'Your company signs you in on a page of its own, which opens in your browser.'}
      </p>
      <OtherProblem problem={problem} shown={null} />
      <Button
        kind={waiting ? 'plain' : 'primary'}
        type="submit"
        autoFocus
        chord="Enter"
        enter={`opens your company’s sign-in page in the browser${waiting ? ' again' : ''}`}
      >
        {waiting ? 'Open the page again' : 'Open the browser'}
      </Button>
      <StepFooter state={state} actions={actions} />
    </form>
  );
}
