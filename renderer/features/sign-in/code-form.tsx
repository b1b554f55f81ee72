import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { useNow } from '../../design/use-now.ts';
import type { CodeFactor, SignInStage } from './identity.ts';
import { OtherProblem, problemOf } from './problem.tsx';
import styles from './sign-in-screen.module.css';
import type { SignInActions, SignInState } from './sign-in-store.ts';
import { SignInOf, StepFooter } from './step-footer.tsx';

type CodeState = Extract<SignInState, { kind: 'code' }>;

const LABELS: Readonly<Record<CodeFactor['kind'], string>> = {
  totp: 'Code from your authenticator app',
  email_code: 'Code from the e-mail',
  backup_code: 'Backup code',
};

export function CodeForm({ state, actions }: { state: CodeState; actions: SignInActions }) {
  const { busy, problem, factor, email, stage, resendAtMs } = state;
  const [code, setCode] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // The next code replaces the one that was refused.
    if (problem !== null) field.current?.select();
  }, [problem]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) actions.submitCode(code.replaceAll(/\s/g, ''));
  };
  return (
    <form className={styles['form']} onSubmit={submit} aria-label="Sign in">
      <SignInOf email={email} />
      <Why factor={factor} stage={stage} tried={problem !== null} />
      <Field
        ref={field}
        label={LABELS[factor.kind]}
        inputMode={factor.kind === 'backup_code' ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        spellCheck={false}
        required
        autoFocus
        maxLength={factor.kind === 'backup_code' ? 40 : 8}
        value={code}
        readOnly={busy}
        error={problemOf(problem, 'code')}
        onChange={({ target }) => setCode(target.value)}
      />
      <OtherProblem problem={problem} shown="code" />
      <Button
        kind="primary"
        type="submit"
        disabled={busy || code.trim() === ''}
        chord="Enter"
        enter={`sends this code to sign in as ${email}`}
        waits={busy ? 'the sign-in service has answered' : 'a code is typed'}
      >
        {busy ? 'One moment…' : 'Continue'}
      </Button>
      <StepFooter state={state} actions={actions}>
        {resendAtMs !== null && <Resend busy={busy} atMs={resendAtMs} onSend={actions.sendAgain} />}
      </StepFooter>
    </form>
  );
}

function Why({ factor, stage, tried }: { factor: CodeFactor; stage: SignInStage; tried: boolean }) {
  if (factor.kind !== 'email_code') return null;
  return (
    <p className={styles['why']}>
      {stage === 'device' && 'This computer is new to your account. '}A code was sent to{' '}
      <b>{factor.sentTo}</b>
      {/* Of one that was tried, what is wrong with it is said below. */}
      {tried ? '.' : ', good for ten minutes.'}
    </p>
  );
}

/** Waits in plain sight: sending at once again would only be refused. */
function Resend({ busy, atMs, onSend }: { busy: boolean; atMs: number; onSend: () => void }) {
  const now = useNow(500);
  const seconds = Math.max(0, Math.ceil((atMs - now) / 1000));
  const ready = seconds === 0 && !busy;
  useKeys({ signInResend: onSend }, ready);
  return (
    <Button kind="quiet" onClick={onSend} disabled={!ready} {...(ready ? { chord: 'Control+KeyR' } : {})}>
      {seconds === 0 ? 'Send again' : `Send again in ${seconds} s`}
    </Button>
  );
}
