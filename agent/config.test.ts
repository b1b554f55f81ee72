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

  it('takes the code from the environment alone, and hands it to no shell', () => {
    const args = ['--relay', RELAY, '--state', 'x'];
    const parsed = readConfig(args, { CAISEY_ENROLL_CODE: 'the-code' });
    expect(parsed).toMatchObject({ ok: true, config: { enrollCode: 'the-code' } });
    expect(JSON.stringify(parsed.ok && parsed.config.shellEnvironment)).not.toContain('the-code');
    expect(readConfig(args, {})).toMatchObject({ config: { enrollCode: null } });
    // Everybody on the machine sees the options of its programs.
    expect(readConfig([...args, '--enroll', 'the-code'], {})).toMatchObject({ ok: false });
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
