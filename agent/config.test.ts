import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const RELAY = 'https://relay.example';

describe('agent configuration', () => {
  it('names what is wrong with the options', () => {
    const cases: [string[], RegExp][] = [
      [['--relay', RELAY, '--state', 'x', '--fast'], /Unknown option '--fast'/],
      [['--relay', RELAY, '--state', 'x', 'extra'], /extra/],
      [['--relay', RELAY, '--state'], /--state/],
      [['--state', 'x'], /--relay is missing/],
      [['--relay', RELAY], /--state is missing/],
      [['--relay', 'relay.example', '--state', 'x'], /not a URL/],
      [['--relay', 'ftp://relay.example', '--state', 'x'], /https:\/\//],
      [['--relay', 'http://relay.example', '--state', 'x'], /must be https/],
      [['--relay', `${RELAY}/path`, '--state', 'x'], /origin only/],
      [['--relay', 'https://user@relay.example', '--state', 'x'], /origin only/],
      [['--relay', RELAY, '--state', 'x', '--shell', 'bash'], /absolute path/],
    ];
    for (const [args, text] of cases) {
      expect([args, readConfig(args, {})]).toEqual([
        args,
        { ok: false, help: false, text: expect.stringMatching(text) },
      ]);
    }
  });

  it('gives a shell a login’s environment, and nothing of the agent’s own', () => {
    const environment = { PATH: '/opt/bin', LC_TIME: 'de_DE', SECRET: 'x', CAISEY: 'y', HOME: '/agent' };
    const args = ['--relay', 'http://127.0.0.1:8700', '--state', 'x', '--home', '/home/tess'];
    const parsed = readConfig([...args, '--shell', '/bin/bash'], environment);
    if (!parsed.ok) throw new Error(parsed.text);
    const { shellEnvironment, relayUrl } = parsed.config;
    expect(relayUrl).toBe('http://127.0.0.1:8700');
    expect(shellEnvironment).toMatchObject({
      PATH: '/opt/bin',
      LC_TIME: 'de_DE',
      LANG: 'C.UTF-8',
      HOME: '/home/tess',
      SHELL: '/bin/bash',
    });
    expect(Object.keys(shellEnvironment)).not.toContain('SECRET');
    expect(Object.keys(shellEnvironment)).not.toContain('CAISEY');
  });
});
