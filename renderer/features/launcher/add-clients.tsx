import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { AddClientsScreen } from './add-clients-screen.tsx';
import type { AddClientsStore } from './add-clients-store.ts';

/** @param signIn the sign-in's own screens, put in by app/ */
export function AddClients({ adding, signIn }: { adding: AddClientsStore; signIn: ReactNode }) {
  const state = useStore(adding.store);
  return (
    <AddClientsScreen
      state={state}
      signIn={signIn}
      onMove={adding.move}
      onToggle={adding.toggle}
      onToggleAll={adding.toggleAll}
      onAdd={adding.add}
      onRetry={() => void adding.list()}
      onCancel={adding.cancel}
    />
  );
}
