import { useStore } from 'zustand';
import type { MachineId } from '#protocol/ids.ts';
import type { RunningSession, SessionRow } from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { MachinesScreen } from './machines-screen.tsx';
import type { MachinesStore } from './machines-store.ts';

interface MachinesProps {
  readonly machines: MachinesStore;
  readonly frame: WorkspaceFrame;
  readonly active: boolean;
  /** Raised by one whenever the search field is to have the focus. */
  readonly focusSearch: number;
  readonly mayOpen: boolean;
  /** An administrator: renames and removes. */
  readonly administers: boolean;
  /** This person's sessions that run on without a tab. */
  readonly running: readonly SessionRow[];
  /** Of the session in front, beside which another can be opened; null: there is none. */
  readonly beside: string | null;
  readonly onOpenSession: (machine: { machineId: MachineId; name: string }, beside?: 'beside') => void;
  readonly onResume: (session: SessionRow) => void;
  /** Of the card: to look on, or (`take`) to have its keyboard. */
  readonly onJoin: (session: RunningSession, take: boolean) => void;
  /** Null: this person enrolls no machines. */
  readonly onEnroll: (() => void) | null;
}

export function Machines({ machines, ...rest }: MachinesProps) {
  const state = useStore(machines.store);
  const { changes } = machines;
  const { change } = useStore(changes.store);
  return (
    <MachinesScreen
      {...rest}
      state={state}
      change={change}
      onBeginChange={(kind, { machineId, name }) => {
        if (kind === 'rename') changes.beginRename({ machineId, name });
        else changes.beginRemove({ machineId, name });
      }}
      onRename={(name) => void changes.rename(name)}
      onRemove={(typedName) => void changes.remove(typedName)}
      onForgetDoubt={changes.forgetDoubt}
      onCancelChange={changes.cancel}
      onLook={machines.look}
      onSearch={machines.search}
      onChoose={machines.choose}
      onSettle={() => void machines.settle()}
      onOpenCard={(machineId) => void machines.open(machineId)}
      onCloseCard={machines.closeCard}
      onProbe={() => void machines.probe()}
      onReadRunning={() => void machines.readRunning()}
      onRelease={machines.release}
    />
  );
}
