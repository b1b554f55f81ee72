import { useEffect, useRef } from 'react';
import type { VerbName } from '#protocol/control/verbs.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ClientName } from '../../design/client-name.tsx';
import { FrameMark } from '../../design/frame-mark.tsx';
import { ReverifyForm } from './reverify-form.tsx';
import type { ReverifyPorts } from './reverify-form.tsx';
import { sensitiveAction } from './sensitive-actions.ts';
import styles from './step-up-dialog.module.css';

/** Before a sensitive verb: what is about to happen, in which client, and the password that lets it. */
export function StepUpDialog({
  frame,
  verb,
  ports,
  onCancel,
}: {
  frame: WorkspaceFrame;
  verb: VerbName;
  ports: ReverifyPorts;
  onCancel: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className={styles['dialog']} aria-labelledby="step-up-title" onClose={onCancel}>
      <header className={styles['head']}>
        <FrameMark frame={frame} />
        <h2 id="step-up-title" className={styles['title']}>
          Confirm in <ClientName frame={frame} />
        </h2>
      </header>
      <ReverifyForm ports={ports} cancel={{ does: 'Cancel', chord: 'Escape', onPress: onCancel }}>
        <span className={styles['about']}>
          You are about to {sensitiveAction(verb) ?? 'do something sensitive'}.
        </span>
        It takes your password again, even while you are signed in.
      </ReverifyForm>
    </dialog>
  );
}
