import { describe, expect, it } from 'vitest';
import { carriesToken, mayRequest } from './egress.ts';
import { relayOrigins } from './relay-origins.ts';

const relay = relayOrigins('https://relay.example:8443/socket');

describe('egress', () => {
  it('lets the application and the relay through', () => {
    for (const url of [
      'app://console/workspace.html',
      'wss://relay.example:8443/workspace',
      'https://relay.example:8443/recording/1',
    ])
      expect(mayRequest(url, relay), url).toBe(true);
  });

  it('stops everything else', () => {
    for (const url of [
      'https://relay.example/',
      'wss://relay.example:8444/',
      'ws://relay.example:8443/',
      'http://relay.example:8443/',
      'https://relay.example:8443.evil.example/',
      'https://relay.example:8443@evil.example/',
      'https://user@relay.example:8443/',
      'app://console.evil/',
      'app://other/workspace.html',
      'file:///etc/passwd',
      'data:text/html,x',
      'blob:app://console/1',
      'devtools://devtools/bundled/inspector.html',
      'not a url',
    ])
      expect(mayRequest(url, relay), url).toBe(false);
    expect(mayRequest('wss://relay.example:8443/workspace', null)).toBe(false);
  });

  it('puts the token on the socket alone', () => {
    expect(carriesToken('wss://relay.example:8443/workspace', relay)).toBe(true);
    for (const url of ['https://relay.example:8443/', 'app://console/', 'wss://relay.example/'])
      expect(carriesToken(url, relay), url).toBe(false);
  });
});
