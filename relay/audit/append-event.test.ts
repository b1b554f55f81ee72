import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditEvents, AuditEnvelope } from '#protocol/audit-events.ts';
import { OrgId } from '#protocol/ids.ts';
import { query, workspaceStub } from '../testing/reach.ts';
import { newId } from '../testing/test-token.ts';
import { appendEvent, chainHash, listLines } from './append-event.ts';
import type { NewEvent } from './append-event.ts';
import { sealText } from './seal-text.ts';

const search = (opId: string, hash: string): NewEvent<'machine.searched'> => ({
  event: 'machine.searched',
  opId,
  actor: { system: 'relay' },
  device: null,
  correlationId: 'test',
  fields: { query_hash: hash, result_count: 0, took_ms: 0 },
});

describe('the audit', () => {
  it('numbers without gaps, records an operation once, chains exact lines, keeps sealed text out', async () => {
    const org = OrgId.parse(newId('org'));
    const stub = workspaceStub(org);
    const lines = await runInDurableObject(stub, (_object, state) => {
      const { sql } = state.storage;
      const random = (bytes: Uint8Array): unknown => crypto.getRandomValues(bytes);
      const writer = { sql, org, now: Date.now, random };
      const { hash, sealedId } = sealText(sql, random, 'PRIM-PRINT-01');
      const sealed = [{ field: 'query', sealedId }];
      const appended = ['a', 'b', 'a', 'c', 'b'].map((opId) =>
        appendEvent(writer, { ...search(opId, hash), sealed }),
      );
      expect(appended).toEqual([true, true, false, true, false]);
      return listLines(sql, 0, 100);
    });
    expect(lines.headSeq).toBe(3);
    const rows = await query(stub, 'SELECT seq, line, hash FROM audit ORDER BY seq');
    let hash = '0'.repeat(64);
    for (const [index, row] of rows.entries()) {
      const line = z.string().parse(row['line']);
      expect(line).toBe(lines.lines[index]);
      expect(AuditEnvelope.parse(JSON.parse(line))).toMatchObject({
        seq: index + 1,
        op_id: 'abc'.charAt(index),
      });
      auditEvents['machine.searched'].fields.parse(JSON.parse(line));
      expect(line).not.toMatch(/prim-print/i);
      hash = chainHash(hash, line);
      expect(row['hash']).toBe(hash);
    }
    const edited = (lines.lines[0] ?? '').replace('"result_count":0', '"result_count":1');
    expect(chainHash('0'.repeat(64), edited)).not.toBe(rows[0]?.['hash']);
  });

  it('gives every event a code of its own, and no field a name of the envelope’s', () => {
    const codes = Object.values(auditEvents).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    const envelope = Object.keys(AuditEnvelope.shape);
    for (const { fields } of Object.values(auditEvents)) {
      expect(Object.keys(fields.shape).filter((name) => envelope.includes(name))).toEqual([]);
    }
  });
});
