import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { query, ringEverything, workspaceStub } from '../testing/reach.ts';
import { TestConsole } from '../testing/test-console.ts';
import { newId, testToken } from '../testing/test-token.ts';
import { sha256 } from './sha256.ts';

const Lines = z.object({ lines: z.array(z.string()) });

/** A name as a machine of another client may have it: also with what JSON escapes. */
const name = fc.stringMatching(/^[A-Z]{3,6}-[A-Za-z0-9é"\\ ]{4,12}-\d{2}$/);
const alert = fc.stringMatching(/^ALERT[A-Za-z0-9._:-]{8,24}$/);
const machine = fc.stringMatching(/^mac_[0-9A-HJKMNP-TV-Z]{26}$/);

const evidenceOf = async (console: TestConsole, edition: 'client' | 'reviewer'): Promise<string[]> => {
  const range = { edition, fromSeq: 1, toSeq: null, lastSeenSize: null };
  const opened = Lines.extend({ exportId: z.string() }).parse(await console.result('evidence.open', range));
  const { exportId } = opened;
  const page = Lines.parse(await console.result('evidence.read', { exportId, afterSeq: 0 }));
  return [...opened.lines, ...page.lines];
};

/** Everything that a line could be made to confirm a guess with, were it hashed without a secret of its own. */
const tracesOf = (text: string): string[] => {
  const bytes = new TextEncoder().encode(text);
  const hash = sha256(bytes);
  const base64 = btoa(String.fromCharCode(...bytes));
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    base64,
    new Uint8Array(hash).toHex(),
    btoa(String.fromCharCode(...hash)),
  ];
};

describe('what a client gets', () => {
  it('holds no name that is not theirs, wherever it was typed, and nothing to confirm a guess with', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { minLength: 1, maxLength: 3 }),
        alert,
        machine,
        fc.integer({ min: 1_000_000, max: 9_000_000 }),
        async (names, alertId, machineId, bytes) => {
          const org = newId('org');
          const console = await TestConsole.enter(await testToken({ org, role: 'admin' }));
          for (const text of names) {
            await console.result('machine.search', { query: text, settled: true, limit: 5 });
          }
          await console.call('link.open', { machineId: machineId as never, alertId });
          await console.call('machine.get', { machineId: machineId as never });
          await console.result('paste.report', {
            sessionId: null,
            decision: 'blocked',
            provenance: 'other_workspace',
            lines: bytes + 1,
            bytes,
            controlChars: bytes + 2,
          });
          await console.result('attempt.dismiss', {});
          await ringEverything(workspaceStub(org));

          const listed = Lines.parse(await console.result('audit.list', { afterSeq: 0, limit: 500 })).lines;
          const client = (await evidenceOf(console, 'client')).join('\n');
          const planted = [...names, alertId, machineId, String(bytes), String(bytes + 1), String(bytes + 2)];
          for (const text of planted.flatMap(tracesOf)) {
            expect(client.includes(text), text).toBe(false);
            expect(
              listed.some((line) => line.includes(text)),
              text,
            ).toBe(false);
          }
          // And the reviewers' edition holds each: this test looks in the right place.
          const reviewer = (await evidenceOf(console, 'reviewer')).join('\n');
          for (const text of [...names, alertId, machineId])
            expect(reviewer).toContain(JSON.stringify(text).slice(1, -1));
          expect(reviewer).toContain(String(bytes));

          // Sealed with a salt of its own each, and gone without a trace in what stays.
          const salts = await query(workspaceStub(org), 'SELECT salt FROM sealed');
          expect(new Set(salts.map(({ salt }) => salt)).size).toBe(salts.length);
          await query(workspaceStub(org), 'UPDATE sealed SET salt = NULL, text = NULL');
          const erased = (await evidenceOf(console, 'reviewer')).join('\n');
          for (const text of planted.flatMap(tracesOf)) expect(erased.includes(text), text).toBe(false);
          expect(
            client.split('\n').filter((line) => !erased.includes(line) && !line.startsWith('{"type"')),
          ).toEqual([]);
        },
      ),
      { numRuns: 6 },
    );
  }, 60_000);
});
