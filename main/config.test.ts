import { describe, expect, it } from 'vitest';
import { configPath, frontendApiHost, parseConfig } from './config.ts';

const key = (host: string, kind = 'test'): string =>
  `pk_${kind}_${Buffer.from(`${host}$`).toString('base64')}`;
const parse = (value: object, development = true) =>
  parseConfig(JSON.stringify(value), 'c.json', development);
const good = { publishableKey: key('clerk.msp.example', 'live'), relayUrl: 'wss://relay.msp.example' };

describe('configPath', () => {
  it('takes --config, or the user data folder', () => {
    expect(configPath(['.', '--config=/a.json', '--no-sandbox'], '/data')).toEqual({
      ok: true,
      value: '/a.json',
    });
    expect(configPath(['--remote-debugging-port=0', '--inspect=0'], '/data')).toEqual({
      ok: true,
      value: '/data/console.json',
    });
  });

  it('refuses what was meant to be ours, and leaves the rest to Chromium', () => {
    for (const argv of [
      ['--confg=x'],
      ['--conf=x'],
      ['-config=x'],
      ['--config'],
      ['--Config=x'],
      ['--config='],
      ['--config=a', '--config=b'],
    ])
      expect(configPath(argv, '/data'), argv.join(' ')).toMatchObject({
        problem: { code: 'option_unknown' },
      });
    for (const option of [
      '--lang=de',
      '--no-sandbox',
      '--force-color-profile=srgb',
      '--user-data-dir=/x',
      '--type=gpu',
    ])
      expect(configPath([option], '/data').ok, option).toBe(true);
  });
});

describe('parseConfig', () => {
  it('derives the Frontend API from the publishable key', () => {
    expect(parse(good, false)).toMatchObject({
      ok: true,
      value: { frontendApi: 'https://clerk.msp.example', signInHosts: [], workspaces: [] },
    });
    expect(parse({ ...good, signInHosts: ['login.msp.example', 'idp.msp.example:8443'] }).ok).toBe(true);
    expect(parse({ publishableKey: key('127.0.0.1:4710'), relayUrl: 'ws://127.0.0.1:4711' })).toMatchObject({
      value: { frontendApi: 'http://127.0.0.1:4710' },
    });
  });

  it('allows http to loopback in development builds alone', () => {
    const local = { publishableKey: key('localhost:4710'), relayUrl: 'http://localhost:4711' };
    expect(parse(local, true).ok).toBe(true);
    expect(parse(local, false)).toMatchObject({ problem: { code: 'config_insecure' } });
    for (const relayUrl of ['ws://relay.msp.example', 'http://127.0.0.1.evil.example', 'http://10.0.0.1'])
      expect(parse({ ...good, relayUrl }), relayUrl).toMatchObject({ problem: { code: 'config_insecure' } });
  });

  it('says what is wrong with the rest', () => {
    expect(parseConfig('{', 'c.json', true)).toMatchObject({ problem: { code: 'config_malformed' } });
    for (const change of [
      { publishableKey: 'sk_live_x' },
      { publishableKey: `pk_live_${Buffer.from('evil.example/path$').toString('base64')}` },
      { publishableKey: `pk_live_${Buffer.from('user@evil.example$').toString('base64')}` },
      { relayUrl: 'file:///etc' },
      { relayUrl: 'relay' },
      { workspaces: [{ orgId: 'org_x' }] },
      { signInHosts: ['https://login.msp.example'] },
      { signInHosts: ['*.msp.example'] },
      { relayURL: 'https://relay.example' },
    ])
      expect(parse({ ...good, ...change }), JSON.stringify(change)).toMatchObject({
        problem: { code: 'config_malformed' },
      });
  });

  it('knows a publishable key', () => {
    expect(frontendApiHost(key('a.b-c.example'))).toBe('a.b-c.example');
    for (const text of [
      '',
      'pk_test_',
      key('A b'),
      key('[::1]'),
      `pk_test_${Buffer.from('no-dollar.example').toString('base64')}`,
    ])
      expect(frontendApiHost(text), text).toBeNull();
  });
});
