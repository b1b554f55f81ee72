import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { LiveSockets } from '../connection/live-sockets.ts';
import { RecordWatch } from '../connection/record-watch.ts';
import { watchForWake } from '../connection/wake-watch.ts';
import { systemTimers } from '../connection/system-timers.ts';
import { openWebSocket } from '../connection/open-web-socket.ts';
import { BoundActions, BoundActionsContext } from '../design/keys/bound-actions.ts';
import { KeyBindingsContext, createKeyBindings } from '../design/keys/key-bindings.ts';
import { createLateIdentity } from '../features/sign-in/index.ts';
import { allowTerminalStyles } from '../terminal/style-nonce.ts';
import { isMac, mount } from './mount.tsx';
import { WorkspaceController } from './workspace/workspace-controller.ts';
import { WorkspaceWindow } from './workspace/workspace-window.tsx';

/** What stands inside, terminals and all: read in while the person signs in. */
const loadInside = async () => (await import('./workspace/inside.ts')).createInside;

allowTerminalStyles(document);
const sockets = new LiveSockets(openWebSocket, systemTimers);
window.addEventListener('online', () => sockets.probe());
const own = await window.caisey.call('workspace.window');
const keys = createStore(() => createKeyBindings(own.keys, isMac));
window.caisey.on('workspace.keys', (changes) => keys.setState(createKeyBindings(changes, isMac), true));
const controller = new WorkspaceController({
  bridge: window.caisey,
  window: own,
  identity: createLateIdentity({
    publishableKey: own.publishableKey,
    orgId: own.orgId,
    origin: location.origin,
    openBrowser: () => window.caisey.call('workspace.signInWithBrowser'),
  }),
  inside: loadInside,
  open: sockets.open,
  timers: systemTimers,
  isReserved: (event) => keys.getState().belongsToConsole(event),
});
watchForWake(systemTimers, () => {
  sockets.probe();
  controller.woke();
});
const record = new RecordWatch({
  orgId: own.orgId,
  call: controller.stepUp.call,
  timers: systemTimers,
  storage: localStorage,
  sha256: async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
});
controller.store.subscribe(({ stage, relay }) => {
  record.reached(stage.kind === 'inside' && relay.kind === 'entered');
});
function Page() {
  return (
    <KeyBindingsContext value={useStore(keys)}>
      <WorkspaceWindow
        controller={controller}
        remembersDevice={own.remembersDevice}
        timers={systemTimers}
        trouble={record.trouble}
      />
    </KeyBindingsContext>
  );
}
mount(
  <BoundActionsContext value={new BoundActions()}>
    <Page />
  </BoundActionsContext>,
);
requestIdleCallback(() => void loadInside());
