import { useEffect, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { Gate } from '../../design/gate.tsx';
import styles from './reverify-overlay.module.css';

/** What the overlay needs: each step answers what to ask next, or what is wrong. */
export interface ReverifyPorts {
  readonly start: () => Promise<ReverifyStep>;
  readonly password: (password: string) => Promise<ReverifyStep>;
  readonly code: (code: string) => Promise<ReverifyStep>;
}

export type ReverifyStep =
  | { readonly kind: 'ask'; readonly factor: 'password' | 'code' }
  | { readonly kind: 'wrong'; readonly text: string }
  /** Over: accepted by the relay as well. */
  | { readonly kind: 'done' };

/** Covers everything and takes all input until the same person has signed in anew for this client. */
export function ReverifyOverlay({
  frame,
  ports,
  onLock,
}: {
  frame: WorkspaceFrame;
  ports: ReverifyPorts;
  onLock: () => void;
}) {
  const [asking, setAsking] = useState<'starting' | 'password' | 'code'>('starting');
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
    show(await (asking === 'code' ? ports.code(value.replaceAll(/\s/g, '')) : ports.password(value)));
  };

  return (
    <div className={styles['cover']} role="dialog" aria-modal="true" aria-label="Confirm that it is you">
      <Gate frame={frame} title="You switched to">
        <form
          className={styles['form']}
          onSubmit={(event) => void submit(event)}
          aria-label="Confirm sign-in"
        >
          <p className={styles['why']}>
            This client was already open. Confirm your sign-in before it takes input.
          </p>
          {asking !== 'starting' && (
            <Field
              ref={field}
              key={asking}
              label={asking === 'code' ? 'Code from your authenticator app' : 'Password'}
              type={asking === 'code' ? 'text' : 'password'}
              autoComplete={asking === 'code' ? 'one-time-code' : 'current-password'}
              required
              value={value}
              readOnly={busy}
              error={problem}
              onChange={({ target }) => setValue(target.value)}
            />
          )}
          {asking === 'starting' && problem !== null && (
            <p role="alert" className={styles['problem']}>
              {problem}
            </p>
          )}
          <div className={styles['actions']}>
            <Button kind="quiet" onClick={onLock} chord="Control+Shift+KeyL">
              Lock instead
            </Button>
            {asking === 'starting' ? (
              <Button kind="primary" onClick={() => void begin()} disabled={busy}>
                {busy ? 'Reaching the sign-in service…' : 'Try again'}
              </Button>
            ) : (
              <Button kind="primary" type="submit" disabled={busy} chord="Enter">
                {busy ? 'Checking…' : 'Confirm'}
              </Button>
            )}
          </div>
        </form>
      </Gate>
    </div>
  );
}
