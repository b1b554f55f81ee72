import type { VerbName } from '#protocol/control/verbs.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { ClientDialog } from '../../design/client-dialog.tsx';
import { ClientName } from '../../design/client-name.tsx';
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
  return (
    <ClientDialog
      frame={frame}
      title={
        <>
          Confirm in <ClientName frame={frame} />
        </>
      }
      onClose={onCancel}
    >
      <ReverifyForm ports={ports} cancel={{ does: 'Cancel', chord: 'Escape', onPress: onCancel }}>
        <span className={styles['about']}>
          You are about to {sensitiveAction(verb) ?? 'do something sensitive'}.
        </span>
        It takes your password again, even while you are signed in.
      </ReverifyForm>
    </ClientDialog>
  );
}
