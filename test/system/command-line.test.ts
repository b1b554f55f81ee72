import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDisplay } from '../../build/display.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { startRelay } from '../../local/relay/relay.ts';

const run = (args: readonly string[], env: NodeJS.ProcessEnv = process.env) =>
  spawnSync(process.execPath, [...args], { cwd: repositoryRoot, encoding: 'utf8', env, timeout: 20_000 });

describe('what a person gets for bad input', () => {
  it.each([
    ['build/run.mjs', 'strat', 'Unknown command: strat'],
    ['local/up.ts', '--prot=1', '--prot'],
    ['test/e2e/story-cli.ts', '--fast', '--fast'],
    ['build/commands/test.ts', '--onyl', '--onyl'],
    ['local/identity/identity.ts', '--prot', '--prot'],
    ['local/identity/compare.ts', '--fast', '--fast'],
    ['agent/agent.ts', '--relya', '--relya'],
    ['test/bench/bench-cli.ts', '--olny', '--olny'],
    ['test/prove/prove-cli.ts', '--olny', '--olny'],
    ['test/soak/soak-cli.ts', '--mintues', '--mintues'],
    ['test/e2e/pictures-cli.ts', '--dosc', '--dosc'],
  ])('%s %s: exit code 2, the word at fault, and what is allowed', (module, argument, said) => {
    const { status, stderr } = run([module, argument]);
    expect(stderr).toContain(said);
    expect(stderr).toMatch(/usage|--help/i);
    expect(status).toBe(2);
  });

  it('local/up.ts: a port that is none', () => {
    const { status, stderr } = run(['local/up.ts', '--port', '80a']);
    expect(stderr).toContain('80a is not a port');
    expect(status).toBe(2);
  });

  it('local/identity: binds loopback only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'caisey-identity-'));
    try {
      const args = ['local/identity/identity.ts', '--port', '0', '--state', folder, '--host', '0.0.0.0'];
      const { status, stderr } = run(args);
      expect(stderr).toContain('loopback only');
      expect(status).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('a display is needed and Xvfb is not there: named, with what to install', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'caisey-path-'));
    const path = process.env['PATH'];
    try {
      process.env['PATH'] = empty;
      const display = await withDisplay({ env: { PATH: empty }, log: () => {} });
      expect(display).toMatchObject({
        ok: false,
        code: 'display_missing',
        next: expect.stringContaining('xvfb'),
      });
    } finally {
      process.env['PATH'] = path;
      rmSync(empty, { recursive: true });
    }
  });

  it('a taken port is reported with its owner', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(48_899, '127.0.0.1', resolve));
    const stateDir = mkdtempSync(join(tmpdir(), 'caisey-port-'));
    try {
      const started = startRelay({ port: 48_899, stateDir, workerFile: 'unused', bindings: {} });
      await expect(started).rejects.toMatchObject({
        code: 'port_taken',
        message: expect.stringContaining(`(process ${process.pid})`),
      });
    } finally {
      server.close();
      rmSync(stateDir, { recursive: true });
    }
  });
});
