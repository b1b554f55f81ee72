// Terminal sessions in tabs: open, take up again, type, paste, run steps, end.
// The connection gives bytes and state, the terminal draws them; this feature joins the two for each session.
// What is pasted comes from main, which alone sees the clipboard and decides whether it may be inserted.
export { createSessions } from './sessions-store.ts';
export type { SessionsStore } from './sessions-store.ts';
export type { Session } from './session.ts';
export type { KnownSession, SessionPorts, SessionState } from './session-state.ts';
export { SessionTabs } from './session-tabs.tsx';
export { SessionPanel } from './session-panel.tsx';
export { keysOf } from './pane-tree.ts';
export { nameOf } from './session-text.ts';
export {
  frontTab,
  withChosen,
  withNextTab,
  withPaneResized,
  withPaneTowards,
  withZoomTurned,
} from './tabs.ts';
