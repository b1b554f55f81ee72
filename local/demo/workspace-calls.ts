import WebSocket from 'ws';
import type { z } from 'zod';
import { verbs } from '#protocol/control/verbs.ts';
import type { VerbName, VerbParams, VerbResult } from '#protocol/control/verbs.ts';
import { WorkspaceToConsole } from '#protocol/control/workspace-to-console.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import { routeUrl } from '#protocol/routes.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';

export interface WorkspaceCalls {
  readonly call: <V extends VerbName>(verb: V, params: VerbParams<V>) => Promise<VerbResult<V>>;
  readonly entered: VerbResult<'workspace.enter'>;
  /** Leaves the workspace: the sign-in is spent after this. */
  readonly leave: () => Promise<void>;
}

/**
 * Enter a workspace from Node, for the short errands of the demo set-up.
 * @param relayUrl http(s) origin of the relay
 * @param token fresh session token of one organization
 * @throws Error with the relay's code and text when anything is refused
 */
export async function enterWorkspace(relayUrl: string, token: string): Promise<WorkspaceCalls> {
  const socket = new WebSocket(routeUrl(relayUrl, 'workspace'), {
    headers: { Authorization: `Bearer ${token}` },
  });
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  let ending: Error | null = null;

  const failAll = (error: Error) => {
    ending ??= error;
    for (const { reject } of waiting.values()) reject(ending);
    waiting.clear();
  };
  socket.on('message', (data) => {
    const parsed = parseMessage(WorkspaceToConsole, Buffer.isBuffer(data) ? data.toString() : '');
    if (!parsed.ok)
      return failAll(new Error(`the relay sent a message that is not understood: ${parsed.reason}`));
    const { message } = parsed;
    if (message.type === 'closing') return failAll(new Error(`${message.error.code}: ${message.error.text}`));
    if (message.type !== 'reply') return;
    const { outcome } = message;
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if (outcome.ok) call?.resolve(outcome.result);
    else call?.reject(new Error(`${outcome.error.code}: ${outcome.error.text}`));
  });
  socket.on('error', (cause) => failAll(new Error(`no connection to the relay at ${relayUrl}`, { cause })));
  socket.on('close', (code) => failAll(new Error(`the relay closed the connection (${code})`)));

  const call = async <V extends VerbName>(verb: V, params: VerbParams<V>): Promise<VerbResult<V>> => {
    if (ending !== null) throw ending;
    const id = (lastId += 1);
    const result = await new Promise<unknown>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ type: 'request', id, verb, params }));
    });
    const schema: z.ZodType<VerbResult<V>> = verbs[verb].result as unknown as z.ZodType<VerbResult<V>>;
    return schema.parse(result);
  };

  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', () => reject(ending));
    socket.once('close', () => reject(ending));
  });
  const entered = await call('workspace.enter', {
    protocolVersion: PROTOCOL_VERSION,
    via: 'launcher',
    device: { installId: 'local-demo', appVersion: '0.1.0', windowId: 'setup' },
  });
  const leave = async () => {
    await call('workspace.leave', { reason: 'closed' }).catch(() => {});
    socket.close();
  };
  return { call, entered, leave };
}
