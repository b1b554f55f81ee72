import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startRelay } from './relay.ts';
import type { RelayStartError, RunningRelay } from './relay.ts';

// A worker of the relay's shape: the runner is under test here, not the relay.
const WORKER = `
import { DurableObject } from 'cloudflare:workers';
export class Workspace extends DurableObject {
  async fetch() {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE IF NOT EXISTS visits (id INTEGER PRIMARY KEY)');
    sql.exec('INSERT INTO visits DEFAULT VALUES');
    return new Response(String(sql.exec('SELECT COUNT(*) AS n FROM visits').one().n));
  }
}
export class TerminalSession extends DurableObject {}
export class SignIn extends DurableObject {}
export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/healthz') {
      if (env.TRICKY !== undefined) return new Response('ok');
      console.log('TRICKY is missing');
      return new Response('no', { status: 500 });
    }
    if (pathname === '/socket') {
      const { 0: client, 1: server } = new WebSocketPair();
      server.accept();
      return new Response(null, { status: 101, webSocket: client });
    }
    if (pathname === '/binding') return new Response(env.TRICKY);
    if (pathname === '/out') return fetch(searchParams.get('to'));
    return env.WORKSPACE.get(env.WORKSPACE.idFromName('one')).fetch(request);
  },
};
`;
const TRICKY = 'quotes " and \\ back\nslashes, ümlaute, ${x} -----BEGIN';

let folder: string;
const running: RunningRelay[] = [];
const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
};
const start = async (port: number, bindings: Record<string, string> = { TRICKY }): Promise<RunningRelay> => {
  const relay = await startRelay({
    port,
    stateDir: join(folder, 'state'),
    workerFile: join(folder, 'worker.js'),
    bindings,
  });
  running.push(relay);
  return relay;
};
const get = async (url: string): Promise<string> => (await fetch(url)).text();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caisey-relay-'));
  await writeFile(join(folder, 'worker.js'), WORKER);
});
afterEach(async () => {
  for (const relay of running.splice(0)) await relay.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('startRelay', () => {
  it('keeps what objects stored when workerd is killed and started again', async () => {
    const port = await freePort();
    const first = await start(port);
    expect(await get(first.url)).toBe('1');
    expect(await get(first.url)).toBe('2');
    await first.kill('SIGKILL');
    const second = await start(port);
    expect(second.url).toBe(first.url);
    expect(await get(second.url)).toBe('3');
  });

  it('passes bindings exactly, lets the worker reach loopback, and keeps secrets to the owner', async () => {
    const relay = await start(await freePort());
    expect(await get(`${relay.url}/binding`)).toBe(TRICKY);
    expect(await get(`${relay.url}/out?to=${encodeURIComponent(`${relay.url}/healthz`)}`)).toBe('ok');
    const { mode } = await stat(join(folder, 'state', 'workerd.capnp'));
    expect(mode & 0o077).toBe(0);
  });

  it('takes no compression, which every browser offers', async () => {
    const { url } = await start(await freePort());
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket`);
    await once(socket, 'open');
    expect(socket.extensions).toBe('');
    socket.terminate();
  });

  it('names a taken port, bad bindings, a missing worker and one that does not load', async () => {
    const port = await freePort();
    await start(port);
    const failure = (attempt: Promise<unknown>): Promise<RelayStartError> =>
      attempt.then(
        () => {
          throw new Error('started');
        },
        (error: RelayStartError) => error,
      );
    const taken = await failure(start(port));
    expect(taken.code).toBe('port_taken');
    expect(taken.message).toContain(String(port));
    const unbound = await failure(start(await freePort(), {}));
    expect(unbound).toMatchObject({
      code: 'not_serving',
      message: expect.stringContaining('TRICKY is missing'),
    });
    await writeFile(join(folder, 'worker.js'), 'this is not a module');
    const broken = await failure(start(await freePort()));
    expect(broken.code).toBe('workerd_ended');
    expect(broken.message).toContain('SyntaxError');
    await rm(join(folder, 'worker.js'));
    const missing = await failure(start(await freePort()));
    expect(missing.code).toBe('worker_missing');
    expect(await readFile(join(folder, 'state', 'workerd.log'), 'utf8')).toContain('SyntaxError');
  });
});
