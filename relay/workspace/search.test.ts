import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plantMachine } from '../testing/reach.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const Found = z.object({ machines: z.array(z.object({ name: z.string() })), total: z.number() });

async function searcher(org: string) {
  const console = await TestConsole.enter(await testToken({ org }));
  return async (query: string, limit = 50) => {
    const { machines, total } = Found.parse(
      await console.result('machine.search', { query, settled: false, limit }),
    );
    expect(machines.length).toBe(Math.min(total, limit));
    return machines.map(({ name }) => name);
  };
}

describe('machine search', () => {
  it('finds in the workspace of the token and nowhere else', async () => {
    const [primary, westside] = [newId('org'), newId('org')];
    const [inPrimary, inWestside] = [await searcher(primary), await searcher(westside)];
    await plantMachine(primary, 'PRIM-PRINT-01', 'prim-print-01.dental.example');
    await plantMachine(westside, 'WEST-PRINT-01', 'west-print-01.dental.example');
    for (const query of ['PRIM-PRINT-01', 'prim-print', 'prim', 'PR', 'dental.example', '']) {
      expect(await inPrimary(query)).toEqual(['PRIM-PRINT-01']);
      expect(await inWestside(query)).not.toContain('PRIM-PRINT-01');
    }
    expect(await inWestside('PRIM-PRINT-01')).toEqual([]);
    expect(await inWestside('primprint')).toEqual([]);
  });

  it('takes words literally: all must occur, in any case, in the name or the hostname', async () => {
    const org = newId('org');
    const find = await searcher(org);
    await plantMachine(org, 'Front "Desk" 100%', 'desk_01');
    await plantMachine(org, 'Front Office', 'office-02');
    expect(await find('front')).toEqual(['Front "Desk" 100%', 'Front Office']);
    expect(await find('OFFICE front')).toEqual(['Front Office']);
    expect(await find('front 02')).toEqual(['Front Office']);
    expect(await find('de 01')).toEqual(['Front "Desk" 100%']);
    expect(await find('"desk"')).toEqual(['Front "Desk" 100%']);
    expect(await find('100%')).toEqual(['Front "Desk" 100%']);
    for (const short of ['02', '2', 'fi']) expect(await find(short)).toEqual(['Front Office']);
    for (const short of ['%', '"']) expect(await find(short)).toEqual(['Front "Desk" 100%']);
    expect(await find('front', 1)).toHaveLength(1);
    for (const query of [
      'fron_',
      '*',
      'fr*nt',
      'front OR office',
      'NOT desk',
      'a AND',
      "'; DROP",
      '\u0000',
      'front\u0000',
      '\ud800',
      'name:front',
      'x '.repeat(20),
    ]) {
      expect(await find(query)).toEqual([]);
    }
  });
});
