import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePort, ownerOfPort } from './ports.ts';

const server = createServer();
afterEach(() => server.close());

function listen(): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

describe('choosePort', () => {
  it('moves off a taken port and names who holds it', async () => {
    const taken = await listen();
    const chosen = await choosePort(taken, 'relay');
    expect(chosen.port).not.toBe(taken);
    expect(chosen.moved).toContain(`Port ${taken} is taken by`);
    if (process.platform === 'linux') {
      expect(chosen.moved).toContain(`(process ${process.pid})`);
      expect(await ownerOfPort(taken)).toContain(String(process.pid));
    }
  });
});
