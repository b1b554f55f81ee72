import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verbs } from '#protocol/control/verbs.ts';
import { plantMachine } from '../testing/reach.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';

const Found = verbs['machine.search'].result;

async function searcher(org: string) {
  const console = await TestConsole.enter(await testToken({ org }));
  const ask = async (query: string, limit = 50) =>
    Found.parse(await console.result('machine.search', { query, settled: false, limit }));
  return {
    console,
    ask,
    find: async (query: string, limit = 50) => {
      const { machines, total } = await ask(query, limit);
      expect(machines.length).toBe(Math.min(total, limit));
      return machines.map(({ name }) => name);
    },
    close: async (query: string) => {
      const { machines, close, total } = await ask(query);
      expect([machines, total]).toEqual([[], 0]);
      expect(close.every(({ match }) => match === 'typo')).toBe(true);
      return close.map(({ name }) => name);
    },
    refused: async (query: string) => {
      const answer = await console.call('machine.search', { query, settled: false, limit: 50 });
      return answer.ok ? null : answer.error.code;
    },
  };
}

describe('machine search', () => {
  it('finds in the workspace of the token and nowhere else', async () => {
    const [primary, westside] = [newId('org'), newId('org')];
    const [inPrimary, inWestside] = [await searcher(primary), await searcher(westside)];
    await plantMachine(primary, 'PRIM-PRINT-01', 'prim-print-01.dental.example');
    await plantMachine(westside, 'WEST-PRINT-01', 'west-print-01.dental.example');
    for (const query of ['PRIM-PRINT-01', 'prim-print', 'prim', 'PR', 'dental.example', '']) {
      expect(await inPrimary.find(query)).toEqual(['PRIM-PRINT-01']);
      expect(await inWestside.find(query)).not.toContain('PRIM-PRINT-01');
    }
    for (const query of ['PRIM-PRINT-01', 'primprint', 'prim-prn-01', 'prim-pritn-01', 'prim print']) {
      expect(await inWestside.close(query)).toEqual([]);
    }
  });

  it('takes words literally: all must occur, in any case, in the name or the hostname', async () => {
    const org = newId('org');
    const { find, refused } = await searcher(org);
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
    expect(await find('_')).toEqual(['Front "Desk" 100%']);
    expect(await find('front', 1)).toHaveLength(1);
    for (const query of [
      'fron_',
      '*',
      'fr*nt',
      'front OR office',
      'front NEAR office',
      'NEAR(front office)',
      'NOT desk',
      'a AND',
      "'; DROP",
      'name:front',
      '\\',
      '%%',
    ]) {
      expect(await find(query)).toEqual([]);
    }
    for (const query of [
      '\u0000',
      'front\u0000',
      '\ud800',
      'front\u200b',
      '\u202eecfifo',
      'x '.repeat(20),
      'x'.repeat(10_240),
    ]) {
      expect(await refused(query)).toBe('query_invalid');
    }
  });

  it('puts the exact name first, then names that begin so, words that do, and the rest', async () => {
    const org = newId('org');
    const { ask } = await searcher(org);
    for (const name of ['BLUEPRINT-1', 'WEST-PRINT-1', 'PRINTER-9', 'PRINT', 'PRINT-2'])
      await plantMachine(org, name, 'x');
    const order = (await ask('print')).machines.map(({ name, match }) => [name, match]);
    expect(order).toEqual([
      ['PRINT', 'exact'],
      ['PRINT-2', 'prefix'],
      ['PRINTER-9', 'prefix'],
      ['WEST-PRINT-1', 'word'],
      ['BLUEPRINT-1', 'substring'],
    ]);
  });

  it('forgives one slip in a word, apart from what was found, and never another machine', async () => {
    const org = newId('org');
    const { close, find } = await searcher(org);
    await plantMachine(org, 'STANTON-PRINT-01', 'stanton-print-01.stanton.example');
    await plantMachine(org, 'STANTON-BACKUP-01', 'stanton-backup-01.stanton.example');
    await plantMachine(org, 'SRV-01', 'srv-01');
    for (const slip of ['prnit', 'stanton-prnit-01', 'primt', 'pprint', 'PIRNT 01'])
      expect(await close(slip)).toEqual(['STANTON-PRINT-01']);
    // Short words are too near to each other.
    for (const short of ['prin-01', 'stanton prit']) expect(await close(short)).toEqual([]);
    // Not in numbers and short codes, and no two slips.
    for (const other of ['srv-02', 'srv-10', 'stv-01', 'stanton-print-02', 'prnit-02', 'prnti-10', 'pnrti'])
      expect(await close(other)).toEqual([]);
    // The first part is where clients are told apart: forgiven only where nothing else is said.
    for (const other of ['staunton-print-01', 'staunton print', 'print staunton', 'staunton-01'])
      expect(await close(other)).toEqual([]);
    expect(await close('staunton')).toEqual(['STANTON-BACKUP-01', 'STANTON-PRINT-01']);
    // A word that is one of this workspace is not mistyped.
    await plantMachine(org, 'STANTON-POINT-01', 'x');
    expect(await close('print-02')).toEqual([]);
    expect(await find('print')).toEqual(['STANTON-PRINT-01']);
    await plantMachine(org, 'STANTON-SCÄNNER-01', 'x');
    expect(await close('scänenr')).toEqual(['STANTON-SCÄNNER-01']);
  });

  it('answers or refuses whatever is asked, and never with everything', async () => {
    const org = newId('org');
    const { console } = await searcher(org);
    await plantMachine(org, 'WEST-PRINT-01', 'west-print-01');
    const pieces = [
      '"',
      "'",
      '%',
      '_',
      '*',
      '\\',
      '(',
      ')',
      ':',
      '^',
      '-',
      ' ',
      'OR',
      'NEAR(',
      'w',
      '01',
      'é',
    ];
    const odd = fc.array(fc.constantFrom(...pieces, '\u202e', '\u0000'), { maxLength: 12 });
    const queries = fc.sample(odd, 60).map((parts) => parts.join(''));
    const answers = await Promise.all(
      queries.map((query) => console.call('machine.search', { query, settled: false, limit: 50 })),
    );
    for (const [at, answer] of answers.entries()) {
      const query = queries[at] ?? '';
      if (!answer.ok) {
        expect([query, answer.error.code]).toEqual([query, 'query_invalid']);
        continue;
      }
      const { machines, close } = Found.parse(answer.result);
      const words = query.normalize('NFC').toLowerCase().split(/\s+/u);
      const holds = machines.every(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
      expect([query, holds, close]).toEqual([query, true, []]);
    }
  });
});
