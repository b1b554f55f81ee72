// Finding a machine of this client: search as typed, the absence that is the alarm, and the machine's card.
// The relay decides every result; nothing is matched, remembered or suggested here.
// Opening a session is app/'s: this feature only says which machine was chosen.
export { createMachines } from './machines-store.ts';
export type { MachinesStore } from './machines-store.ts';
export type { MachineChange } from './machine-changes.ts';
export { absentQuery } from './machines-state.ts';
export type { MachinesState } from './machines-state.ts';
export { MachineName } from './machine-name.tsx';
export { Machines } from './machines.tsx';
export { MachinesScreen } from './machines-screen.tsx';
