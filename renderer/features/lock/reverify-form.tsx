import { useEffect, useRef, useState } from 'react';
import type { FormEvent, ReactNode } from 'react';
import { Button } from '../../design/button.tsx';
import type { KeyShown } from '../../design/key.tsx';
import { Field } from '../../design/field.tsx';
import { ProblemText } from '../../design/problem-text.tsx';
import styles from './reverify-form.module.css';

/** What the form needs: each step answers what to ask next, or what is wrong. */
export interface ReverifyPorts {
  readonly start: () => Promise<ReverifyStep>;
  readonly password: (password: string) => Promise<ReverifyStep>;
  readonly code: (code: string) => Promise<ReverifyStep>;
}

export type ReverifyStep =
  | { readonly kind: 'ask'; readonly factor: 'password' | 'code' | 'email_code' }
  | { readonly kind: 'wrong'; readonly text: string }
  /** Over: accepted by the relay as well. */
  | { readonly kind: 'done' };

const LABELS = {
  password: 'Password',
  code: 'Code from your authenticator app',
  email_code: 'Code from the e-mail that was sent to you',
} as const;

/** Asks for a factor of the person who is signed in, until the relay has accepted it. */
export function ReverifyForm({
  ports,
  children,
  cancel,
}: {
  ports: ReverifyPorts;
  /** Why it is asked. */
  children: ReactNode;
  cancel: { readonly does: string; readonly onPress: () => void } & KeyShown;
}) {
  const [asking, setAsking] = useState<'starting' | keyof typeof LABELS>('starting');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [value, setValue] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const started = useRef(false);

  const show = (step: ReverifyStep) => {
    setBusy(false);
    setProblem(step.kind === 'wrong' ? step.text : null);
    if (step.kind !== 'ask') return;
    setAsking(step.factor);
    setValue('');
  };
  const begin = async () => {
    setBusy(true);
    show(await ports.start());
  };
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    void begin();
  });
  useEffect(() => {
    if (busy) return;
    field.current?.focus();
    field.current?.select();
  }, [busy]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    show(await (asking === 'password' ? ports.password(value) : ports.code(value.replaceAll(/\s/g, ''))));
  };

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)} aria-label="Confirm sign-in">
      <p className={styles['why']}>{children}</p>
      {asking !== 'starting' && (
        <Field
          ref={field}
          key={asking}
          label={LABELS[asking]}
          type={asking === 'password' ? 'password' : 'text'}
          autoComplete={asking === 'password' ? 'current-password' : 'one-time-code'}
          required
          autoFocus
          value={value}
          readOnly={busy}
          error={problem}
          onChange={({ target }) => setValue(target.value)}
        />
      )}
      {asking === 'starting' && problem !== null && <ProblemText>{problem}</ProblemText>}
      <div className={styles['actions']}>
        <Button kind="quiet" onClick={cancel.onPress} {...keyOf(cancel)}>
          {cancel.does}
        </Button>
        {asking === 'starting' ? (
          <Button kind="primary" onClick={() => void begin()} disabled={busy}>
            {busy ? 'Reaching the sign-in service…' : 'Try again'}
          </Button>
        ) : (
          <Button
            kind="primary"
            type="submit"
            disabled={busy || value.trim() === ''}
            chord="Enter"
            enter={`confirms that it is you, by this ${asking === 'password' ? 'password' : 'code'}`}
            waits={busy ? 'it is checked' : `the ${asking === 'password' ? 'password' : 'code'} is typed`}
          >
            {busy ? 'Checking…' : 'Confirm'}
          </Button>
        )}
      </div>
    </form>
  );
}

function keyOf(key: KeyShown): KeyShown {
  return 'chord' in key ? { chord: key.chord } : { action: key.action };
}
