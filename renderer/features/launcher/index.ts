// The launcher: every client known on this computer, no network, no client data but frames.
// In switch mode it is the ceremony: choosing locks the client that is left and demands a fresh sign-in.
// It draws what main tells it and asks main to open; it decides nothing.
export { createLauncher } from './launcher-store.ts';
export { Launcher } from './launcher.tsx';
export { createAddClients } from './add-clients-store.ts';
export { AddClients } from './add-clients.tsx';
export { AddClientsScreen } from './add-clients-screen.tsx';
export { LauncherScreen } from './launcher-screen.tsx';
export { FrameEditor } from './frame-editor.tsx';
