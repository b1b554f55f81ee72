import { useStore } from 'zustand';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { PolicyDialog } from './policy-dialog.tsx';
import type { PolicyStore } from './policy-store.ts';

export function Policy({ policy, frame }: { policy: PolicyStore; frame: WorkspaceFrame }) {
  const state = useStore(policy.store);
  if (state.kind === 'closed') return null;
  return (
    <PolicyDialog
      state={state}
      frame={frame}
      mayChange={policy.mayChange}
      onSave={(changed) => void policy.save(changed)}
      onClose={policy.close}
    />
  );
}
