import { describe, expect, it } from 'vitest';
import { routeUrl } from './routes.ts';

describe('the address of a route', () => {
  it('is a socket’s where it takes one, whether the relay’s ends with a slash or not', () => {
    expect(routeUrl('https://relay.example', 'agent')).toBe('wss://relay.example/v1/agent');
    expect(routeUrl('http://127.0.0.1:8787/', 'workspace')).toBe('ws://127.0.0.1:8787/v1/workspace');
    expect(routeUrl('https://relay.example/', 'enroll')).toBe('https://relay.example/v1/enroll');
  });

  it('holds each parameter as one segment', () => {
    const filled = routeUrl('https://relay.example', 'terminal', { machineId: 'mac_1', sessionId: 'a/../b' });
    expect(filled).toBe('wss://relay.example/v1/terminals/mac_1/a%2F..%2Fb');
    expect(() => routeUrl('https://relay.example', 'terminal', { machineId: 'mac_1' })).toThrow('sessionId');
  });
});
