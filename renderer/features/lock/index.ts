// Locked, and proving a factor again: in a workspace that stood open when the ceremony chose it, and before a
// sensitive verb.
// A locked window shows its own client and nothing of what was on screen before.
// The lock itself (leave, sign out) is app/'s: it touches the relay and the identity.
export { EnterHeld } from './enter-held.tsx';
export { LockScreen } from './lock-screen.tsx';
export type { LockReason } from './lock-screen.tsx';
export { ReverifyOverlay } from './reverify-overlay.tsx';
export type { ReverifyPorts, ReverifyStep } from './reverify-form.tsx';
export { StayEnding } from './stay-ending.tsx';
export { StepUpDialog } from './step-up-dialog.tsx';
