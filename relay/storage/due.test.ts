import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { unusedTerminalStub } from '../testing/reach.ts';
import { dueUntil, performDue, putDue } from './due.ts';

describe('what is due', () => {
  const withRow = (run: (sql: SqlStorage) => Promise<void>): Promise<void> =>
    runInDurableObject(unusedTerminalStub(), async (_object, { storage }) => {
      putDue(storage.sql, 'call', 100, 'call', '');
      await run(storage.sql);
    });
  const first = (sql: SqlStorage) => {
    const [due] = dueUntil(sql, 1e15);
    if (due === undefined) throw new Error('nothing is due');
    return due;
  };

  it('is dropped once it was done, and stands while it is being done', () =>
    withRow(async (sql) => {
      await performDue(sql, first(sql), 100, async () => {
        expect(first(sql)).toMatchObject({ at: 1100, tries: 1 });
        await Promise.resolve();
      });
      expect(dueUntil(sql, 1e15)).toEqual([]);
    }));

  it('is tried again ever later, until it succeeds', () =>
    withRow(async (sql) => {
      const waits: number[] = [];
      for (let i = 0; i < 8; i += 1) {
        const { at } = first(sql);
        await expect(
          performDue(sql, first(sql), at, () => {
            throw new Error('not now');
          }),
        ).rejects.toThrow('not now');
        waits.push(first(sql).at - at);
      }
      expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
      await performDue(sql, first(sql), 0, () => {});
      expect(dueUntil(sql, 1e15)).toEqual([]);
    }));

  it('is not lost when it is put anew while the call for it is under way, at the very same time even', () =>
    withRow(async (sql) => {
      await performDue(sql, first(sql), 100, async () => {
        await Promise.resolve();
        putDue(sql, 'call', 100, 'call', '');
      });
      expect(first(sql)).toMatchObject({ key: 'call', at: 100, tries: 0 });
    }));
});
