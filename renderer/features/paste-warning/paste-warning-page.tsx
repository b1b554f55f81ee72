import { useEffect, useState } from 'react';
import type { CaiseyBridge } from '#contract/ipc.ts';
import type { PasteWarning } from '#contract/window-state.ts';
import { PasteWarningScreen } from './paste-warning-screen.tsx';

export function PasteWarningPage({ bridge }: { bridge: CaiseyBridge }) {
  const [warning, setWarning] = useState<PasteWarning | null>(null);
  useEffect(() => {
    bridge.call('paste.warning').then(setWarning, () => undefined);
  }, [bridge]);
  if (warning === null) return null;
  return (
    <PasteWarningScreen
      warning={warning}
      onDecide={(release) => {
        // Main closes this view; a refusal means that it already did.
        bridge.call('paste.decide', { release }).catch(() => undefined);
      }}
    />
  );
}
