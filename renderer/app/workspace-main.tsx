import { openWebSocket, systemTimers } from '../connection/web-socket.ts';
import { createClerkIdentity } from '../features/sign-in/index.ts';
import { allowTerminalStyles } from '../terminal/style-nonce.ts';
import { mount } from './mount.tsx';
import { WorkspaceController } from './workspace/workspace-controller.ts';
import { WorkspaceWindow } from './workspace/workspace-window.tsx';

allowTerminalStyles(document);
const own = await window.caisey.call('workspace.window');
const controller = new WorkspaceController({
  bridge: window.caisey,
  window: own,
  identity: createClerkIdentity({
    publishableKey: own.publishableKey,
    orgId: own.orgId,
    origin: location.origin,
    openBrowser: () => window.caisey.call('workspace.signInWithBrowser'),
  }),
  open: openWebSocket,
  timers: systemTimers,
});
mount(
  <WorkspaceWindow controller={controller} remembersDevice={own.remembersDevice} timers={systemTimers} />,
);
