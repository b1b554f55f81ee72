// What is left of a session when all of ours is taken out: the same workerd with one object that passes each message
// on to the other side, a pty at one end, a socket at the other. No echo through this relay can be quicker.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { choosePort } from '../../../local/ports.ts';
import { startRelay } from '../../../local/relay/relay.ts';
import { Arrivals } from './arrivals.ts';
import { PROMPT } from './remote-shell.ts';
import type { RemoteShell } from './remote-shell.ts';

const WORKER = `
import { DurableObject } from 'cloudflare:workers';
export class Workspace extends DurableObject {}
export class SignIn extends DurableObject {}
export class TerminalSession extends DurableObject {
  sides = {};
  fetch(request) {
    const { pathname: side } = new URL(request.url);
    const { 0: client, 1: server } = new WebSocketPair();
    server.binaryType = 'arraybuffer';
    server.accept();
    this.sides[side] = server;
    const other = side === '/console' ? '/end' : '/console';
    server.addEventListener('message', ({ data }) => this.sides[other]?.send(data));
    return new Response(null, { status: 101, webSocket: client });
  }
}
export default {
  fetch(request, { TERMINAL_SESSION: sessions }) {
    if (new URL(request.url).pathname === '/healthz') return new Response('ok');
    return sessions.get(sessions.idFromName('one')).fetch(request);
  },
};
`;

/** A bash in that folder, at its prompt. */
export async function startBareRelay(
  home: string,
): Promise<{ readonly shell: RemoteShell; readonly stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'caisey-bench-bare-'));
  const workerFile = join(folder, 'bare.js');
  await writeFile(workerFile, WORKER);
  const { port } = await choosePort(47_500, 'bare relay');
  const relay = await startRelay({ port, stateDir: join(folder, 'state'), workerFile, bindings: {} });
  const url = relay.url.replace('http', 'ws');
  const socket = new WebSocket(`${url}/console`);
  await once(socket, 'open');
  const arrivals = new Arrivals();
  socket.on('message', (data: Buffer) => arrivals.push(data));
  const prompted = arrivals.text(PROMPT);
  const end = spawn(process.execPath, [join(import.meta.dirname, 'bare-end.ts'), `${url}/end`, home], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await prompted;
  return {
    shell: {
      arrivals,
      type: (text) => socket.send(Buffer.from(text)),
      dispose: () => socket.terminate(),
    },
    async stop() {
      socket.terminate();
      end.kill('SIGKILL');
      await relay.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
