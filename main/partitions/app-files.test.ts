import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveAppFile } from './app-files.ts';
import { relayOrigins } from './relay-origins.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caisey-app-files-'));
  const root = join(folder, 'renderer');
  await mkdir(join(root, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.json'), '{}');
  await writeFile(join(root, 'workspace.html'), '<!doctype html><html><head><title>x</title></head></html>');
  await writeFile(join(root, 'launcher.html'), '<!doctype html><head></head>');
  await writeFile(join(root, 'assets', 'app-1a.js'), 'export {}');
  await writeFile(join(root, '.hidden.json'), '{}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const nonces = ['first', 'second'];
const missing: string[] = [];
const get = (path: string, method = 'GET'): Promise<Response> =>
  serveAppFile(new URL(`app://console${path}`), method, {
    root: join(folder, 'renderer'),
    surface: 'workspace',
    relay: relayOrigins('wss://relay.example'),
    nonce: () => nonces.shift() ?? 'later',
    missing: (path) => missing.push(path),
  });

describe('serveAppFile', () => {
  it('serves the page with a policy and a nonce of its own each time', async () => {
    const [one, two] = [await get('/workspace.html'), await get('/workspace.html')];
    expect(one.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-first'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'self' wss://relay.example https://relay.example; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'",
    );
    expect(await one.text()).toContain('<head><meta property="csp-nonce" content="first" nonce="first">');
    expect(two.headers.get('content-security-policy')).toContain("'nonce-second'");
  });

  it('serves bundles with their type', async () => {
    const answer = await get('/assets/app-1a.js');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await answer.text()).toBe('export {}');
  });

  it('knows nothing outside its folder, no other page and no other method', async () => {
    for (const path of [
      '/launcher.html',
      '/../secret.json',
      '/%2e%2e/secret.json',
      '/..%2fsecret.json',
      '/assets/../../secret.json',
      '/.hidden.json',
      '//etc/passwd',
      '/assets',
      '/missing.js',
    ])
      expect((await get(path)).status, path).toBe(404);
    expect((await get('/workspace.html', 'POST')).status).toBe(404);
  });

  it('tells of a bundle that is gone, once and by its path', async () => {
    missing.length = 0;
    await get('/assets/terminal-view-2b.js');
    await get('/assets/app-1a.js');
    await get('/launcher.html');
    expect(missing).toEqual(['/assets/terminal-view-2b.js']);
  });
});
