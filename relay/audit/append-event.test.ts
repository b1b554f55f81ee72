import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AuditEnvelope } from '#protocol/audit-envelope.ts';
import { auditEvents } from '#protocol/audit-events.ts';
import { OrgId } from '#protocol/ids.ts';
import { leafHash, nodeHash } from '#protocol/evidence/merkle-tree.ts';
import { query, workspaceStub } from '../testing/reach.ts';
import { newId } from '../testing/test-token.ts';
import { appendEvent, appendGroup, listLines } from './append-event.ts';
import type { AuditWriter, NewEvent } from './append-event.ts';
import { sealText } from './seal-text.ts';
import { sha256 } from './sha256.ts';
import { BLOCK, headHolds, readHead, rootAt, subtreeRoot } from './tree-store.ts';

const search = (opId: string, hash: string): NewEvent<'machine.searched'> => ({
  event: 'machine.searched',
  opId,
  actor: { system: 'relay' },
  device: null,
  correlationId: 'test',
  fields: { query_hash: hash, result_count: 0, took_ms: 0 },
});

const random = (bytes: Uint8Array): unknown => crypto.getRandomValues(bytes);

function writerOf(org: OrgId, state: DurableObjectState): AuditWriter {
  return { sql: state.storage.sql, org, now: Date.now, random, onUnsigned: () => undefined };
}

const hexOf = (bytes: Uint8Array): string => new Uint8Array(bytes).toHex();

describe('the audit', () => {
  it('numbers without gaps, records an operation once, keeps sealed text out', async () => {
    const org = OrgId.parse(newId('org'));
    const stub = workspaceStub(org);
    const lines = await runInDurableObject(stub, (_object, state) => {
      const { sql } = state.storage;
      const { hash, sealedId } = sealText(sql, random, 'PRIM-PRINT-01');
      const sealed = [{ field: 'query_hash', sealedId }];
      const appended = ['a', 'b', 'a', 'c', 'b'].map((opId) =>
        appendEvent(writerOf(org, state), { ...search(opId, hash), sealed }),
      );
      expect(appended).toEqual([true, true, false, true, false]);
      return listLines(sql, 0, 100);
    });
    expect(lines.headSeq).toBe(3);
    const rows = await query(stub, 'SELECT seq, line FROM audit ORDER BY seq');
    for (const [index, row] of rows.entries()) {
      const line = z.string().parse(row['line']);
      expect(line).toBe(lines.lines[index]);
      expect(AuditEnvelope.parse(JSON.parse(line))).toMatchObject({
        seq: index + 1,
        op_id: 'abc'.charAt(index),
      });
      auditEvents['machine.searched'].fields.parse(JSON.parse(line));
      expect(line).not.toMatch(/prim-print/i);
    }
  });

  it('grows the tree of its exact lines, in memory of nothing, and takes leaves back with a transaction', async () => {
    const org = OrgId.parse(newId('org'));
    await runInDurableObject(workspaceStub(org), (_object, state) => {
      const { sql } = state.storage;
      const writer = writerOf(org, state);
      const count = 2 * BLOCK + 37;
      for (let at = 0; at < count; at += 1) appendEvent(writer, search(`Ø 雪 😀 ${at}`, '0'.repeat(64)));
      expect(() =>
        state.storage.transactionSync(() => {
          appendEvent(writer, search('rolled back', '0'.repeat(64)));
          throw new Error('rolled back');
        }),
      ).toThrow('rolled back');
      const leaves = listLines(sql, 0, count).lines.map((line) =>
        leafHash(sha256, new TextEncoder().encode(line)),
      );
      const treeOf = (some: readonly Uint8Array[]): Uint8Array => {
        const [only] = some;
        if (only !== undefined && some.length === 1) return only;
        const split = 2 ** Math.ceil(Math.log2(some.length) - 1);
        return nodeHash(sha256, treeOf(some.slice(0, split)), treeOf(some.slice(split)));
      };
      expect(readHead(sql).size).toBe(count);
      expect(headHolds(sql)).toBe(true);
      for (const size of [1, 255, 256, 257, 512, count]) {
        expect(hexOf(rootAt(sql, size))).toBe(hexOf(treeOf(leaves.slice(0, size))));
      }
      expect(hexOf(subtreeRoot(sql, { from: BLOCK, to: count }))).toBe(hexOf(treeOf(leaves.slice(BLOCK))));

      // What was there before the tree was, or whose head is lost, is taken over from the lines.
      sql.exec('DELETE FROM audit_head');
      sql.exec('DELETE FROM audit_blocks');
      expect(hexOf(rootAt(sql, readHead(sql).size))).toBe(hexOf(treeOf(leaves)));
      sql.exec(`UPDATE audit SET line = replace(line, 'machine', 'person') WHERE seq = ?`, count);
      expect(headHolds(sql)).toBe(false);
    });
  });

  it('appends a group as it appends one by one, and takes all of it back where something came by another way', async () => {
    const org = OrgId.parse(newId('org'));
    await runInDurableObject(workspaceStub(org), (_object, state) => {
      const { sql } = state.storage;
      const writer = { ...writerOf(org, state), storage: state.storage };
      const event = (opId: string) => search(opId, '0'.repeat(64));
      const ids = Array.from({ length: BLOCK + 9 }, (_, at) => `op ${at % (BLOCK + 5)}`);
      const added = appendGroup(writer, (grouped) => ids.map((opId) => appendEvent(grouped, event(opId))));
      expect(added.filter((isNew) => !isNew)).toHaveLength(4);
      expect(readHead(sql).size).toBe(BLOCK + 5);
      expect(headHolds(sql)).toBe(true);
      const beside = () =>
        appendGroup(writer, (grouped) => {
          appendEvent(grouped, event('in it'));
          appendEvent(writer, event('beside it'));
        });
      expect(beside).toThrow('grew beside its head');
      const takenBack = () =>
        appendGroup(writer, (grouped) => {
          try {
            state.storage.transactionSync(() => {
              appendEvent(grouped, event('taken back'));
              throw new Error('taken back');
            });
          } catch {
            return;
          }
        });
      expect(takenBack).toThrow('grew beside its head');
      expect(readHead(sql).size).toBe(BLOCK + 5);
      appendEvent(writer, event('after'));
      expect([readHead(sql).size, headHolds(sql)]).toEqual([BLOCK + 6, true]);
    });
  });

  it('writes over a row that the tree does not know, and is not stopped by what it forgot', async () => {
    const org = OrgId.parse(newId('org'));
    await runInDurableObject(workspaceStub(org), (_object, state) => {
      const { sql } = state.storage;
      const writer = writerOf(org, state);
      const event = (opId: string) => search(opId, '0'.repeat(64));
      appendEvent(writer, event('first'));
      sql.exec(
        `INSERT INTO audit (seq, event_id, op_id, event, at, line, leaf) SELECT 2, 'evt_x', 'stray', event, 0, 'stray', x'00' FROM audit`,
      );
      expect(appendEvent(writer, event('first'))).toBe(false);
      expect(appendEvent(writer, event('second'))).toBe(true);
      expect(sql.exec('SELECT op_id, leaf FROM audit ORDER BY seq').toArray()).toEqual([
        { op_id: 'first', leaf: null },
        { op_id: 'second', leaf: null },
      ]);
      expect([readHead(sql).size, headHolds(sql)]).toEqual([2, true]);
      expect(appendEvent(writer, event('stray'))).toBe(true);
    });
  });

  it('gives every event a code of its own, and no field a name of the envelope’s', () => {
    const codes = Object.values(auditEvents).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    const envelope = Object.keys(AuditEnvelope.shape);
    for (const { fields } of Object.values<{ fields: z.ZodType }>(auditEvents)) {
      const variants = fields instanceof z.ZodDiscriminatedUnion ? fields.options : [fields];
      const names = variants.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : []));
      expect(names.filter((name) => envelope.includes(name))).toEqual([]);
    }
  });
});
