import { useStore } from 'zustand';
import { LauncherScreen } from './launcher-screen.tsx';
import type { LauncherStore } from './launcher-store.ts';

export function Launcher({ launcher }: { launcher: LauncherStore }) {
  const view = useStore(launcher.store);
  return (
    <LauncherScreen
      {...view}
      onOpen={launcher.open}
      onCancel={launcher.cancel}
      onDismiss={launcher.dismissNotice}
      onAdd={launcher.addClients}
      onForget={launcher.forget}
      onChangeFrame={launcher.changeFrame}
      onTheme={launcher.nextTheme}
    />
  );
}
