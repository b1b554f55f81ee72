import { describe, expect, it } from 'vitest';
import type { Call } from '../../connection/relay-client.ts';
import { createMachines } from './machines-store.ts';

describe('machine search', () => {
  it('asks a query that is meant once, not again as one that was typed', async () => {
    const asked: unknown[] = [];
    const answers: (() => void)[] = [];
    const call = ((verb: string, params: unknown) => {
      asked.push([verb, params]);
      return new Promise<unknown>((resolve) => {
        const result = { machines: [], close: [], total: 0, more: false };
        answers.push(() => resolve({ ok: true, result }));
      });
    }) as Call;
    const machines = createMachines(call);
    machines.search('prim');
    machines.search('prim-print');
    let settled = false;
    const settling = machines.settle().then(() => (settled = true));
    while (!settled) {
      answers.shift()?.();
      // Lets everything that waits for the answer go on.
      await new Promise((resolve) => setTimeout(resolve));
    }
    await settling;
    expect(asked).toEqual([
      ['machine.search', { query: 'prim', settled: false, limit: 100 }],
      ['machine.search', { query: 'prim-print', settled: true, limit: 100 }],
    ]);
    expect(machines.store.getState().results?.query).toBe('prim-print');
  });
});
