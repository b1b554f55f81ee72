import { useState } from 'react';
import type { MachineKeyAlert } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import { Button } from '../../design/button.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { agoText } from '../../design/time-text.ts';

interface KeyAlertNoticeProps {
  readonly alert: MachineKeyAlert;
  readonly now: number;
  readonly active: boolean;
  /** Null: not an administrator. Answers what kept it from being done. */
  readonly onRelease: (() => Promise<CallError | null>) | null;
}

/** Two hosts answer under this machine's key: who types here may be typing into the other one. */
export function KeyAlertNotice({ alert, now, active, onRelease }: KeyAlertNoticeProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<CallError | null>(null);
  const release = async () => {
    if (busy || onRelease === null) return;
    setBusy(true);
    setProblem(await onRelease());
    setBusy(false);
  };
  useKeys({ cardRelease: () => void release() }, active && onRelease !== null);
  return (
    <Notice
      tone="warn"
      role="alert"
      title={
        alert.quarantined
          ? 'Kept out: several hosts use the key of this machine'
          : `Two hosts use the key of this machine, ${agoText(alert.lastAt, now)}`
      }
      actions={
        onRelease !== null && (
          <Button chord="u" disabled={busy} onClick={() => void release()}>
            {alert.quarantined ? 'Let it connect again' : 'Settle the alert'}
          </Button>
        )
      }
    >
      {problem !== null
        ? problem.text
        : alert.quarantined
          ? 'Find the copy and enroll it anew with --wipe. An administrator then lets the machine connect again.'
          : 'The newest connection won: make sure which host answers before you type. One of the two needs a key of its own.'}
    </Notice>
  );
}
