import { useStore } from 'zustand';
import type { MachineId } from '#protocol/ids.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { EnrollmentDialog } from './enrollment-dialog.tsx';
import type { EnrollmentStore } from './enrollment-store.ts';

export function Enrollment({
  enrollment,
  frame,
  onOpenCard,
}: {
  enrollment: EnrollmentStore;
  frame: WorkspaceFrame;
  onOpenCard: (machineId: MachineId) => void;
}) {
  const state = useStore(enrollment.store);
  if (state.kind === 'closed') return null;
  return (
    <EnrollmentDialog
      state={state}
      frame={frame}
      onCreate={(name) => void enrollment.create(name)}
      onChoose={enrollment.choose}
      onRotate={(code) => void enrollment.rotate(code)}
      onRevoke={(code) => void enrollment.revoke(code)}
      onCopy={enrollment.copy}
      onOpenCard={(machineId) => {
        enrollment.close();
        onOpenCard(machineId);
      }}
      onClose={enrollment.close}
    />
  );
}
