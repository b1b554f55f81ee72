// The only door between a page and main: `window.caisey`, one generic call and one generic subscription.
// It decides nothing; main checks every name, sender and parameter. Bundled to one CommonJS file.
// In workspace pages it also keeps the operating system's clipboard away from page scripts.
import { contextBridge, ipcRenderer, webFrame } from 'electron';
import { CALL_CHANNEL, EVENT_CHANNEL, REST_CHANNEL, type CallReply, type Rest } from '#contract/channels.ts';
import { captureClipboard } from './clipboard-capture.ts';
import { giveBack, givePixelsBack } from './give-back.ts';

type Listener = (payload: unknown) => void;

const listeners = new Map<string, Set<Listener>>();

async function call(name: string, params?: unknown): Promise<unknown> {
  const reply: CallReply = await ipcRenderer.invoke(CALL_CHANNEL, name, params);
  // oxlint-disable-next-line typescript/only-throw-error -- an Error would lose its code at the bridge
  if (!reply.ok) throw reply.failure;
  return reply.value;
}

function on(name: string, listener: Listener): () => void {
  const named = listeners.get(name) ?? new Set();
  listeners.set(name, named);
  named.add(listener);
  return () => named.delete(listener);
}

ipcRenderer.on(EVENT_CHANNEL, (_event, name: string, payload: unknown) => {
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

ipcRenderer.on(REST_CHANNEL, (_event, what: Rest) => {
  if (what === 'page') giveBack(window, webFrame);
  else givePixelsBack(window);
});

contextBridge.exposeInMainWorld('caisey', { call, on });
if (location.pathname === '/workspace.html') captureClipboard(window, call, on);
