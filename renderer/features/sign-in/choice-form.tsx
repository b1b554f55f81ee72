import { useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Key } from '../../design/key.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import type { Factor } from './identity.ts';
import styles from './sign-in-screen.module.css';
import type { SignInActions, SignInState } from './sign-in-store.ts';
import { SignInOf } from './step-footer.tsx';

/** The ways that the account has, one below the other. */
export function ChoiceForm({
  state,
  actions,
}: {
  state: Extract<SignInState, { kind: 'choose' }>;
  actions: SignInActions;
}) {
  const list = useRef<HTMLDivElement>(null);
  useKeys({ signInRestart: actions.restart });
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.findIndex((button) => button === document.activeElement);
    buttons[Math.min(buttons.length - 1, Math.max(0, at + by))]?.focus();
    event.preventDefault();
  };
  return (
    <div className={styles['form']}>
      <SignInOf email={state.email} />
      <div
        ref={list}
        className={styles['ways']}
        role="group"
        aria-label="Ways to sign in"
        onKeyDown={onKeyDown}
      >
        {state.factors.map((factor, index) => (
          <Button
            key={nameOf(factor)}
            onClick={() => actions.choose(factor)}
            enter={`goes on with “${nameOf(factor)}”`}
            autoFocus={index === 0}
          >
            {nameOf(factor)}
          </Button>
        ))}
      </div>
      <div className={styles['footer']}>
        <Button kind="quiet" onClick={actions.restart} chord="Control+KeyB">
          Start again
        </Button>
        <span className={styles['moves']}>
          <Key chord="ArrowUp" />
          <Key chord="ArrowDown" /> move
        </span>
      </div>
    </div>
  );
}

function nameOf(factor: Factor): string {
  switch (factor.kind) {
    case 'password':
      return 'Password';
    case 'email_code':
      return `Code by e-mail to ${factor.sentTo}`;
    case 'browser':
      return 'Your company’s sign-in page, in the browser';
    case 'totp':
      return 'Code from your authenticator app';
    case 'backup_code':
      return 'Backup code';
  }
}
