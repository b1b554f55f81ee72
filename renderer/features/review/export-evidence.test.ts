import { describe, expect, it } from 'vitest';
import type { Call } from '../../connection/relay-client.ts';
import { exportEvidence } from './export-evidence.ts';
import type { EvidenceFile, ExportChoice } from './export-evidence.ts';

const NIGHT = Date.UTC(2026, 10, 24, 7);

const HEADER = '{"type":"header"}';
const eventLine = (seq: number) =>
  JSON.stringify({
    id: `evt_${'0'.repeat(26)}`,
    v: 1,
    event: 'command.finished',
    code: 'CM2',
    seq,
    at: NIGHT,
    org_id: `org_${'w'.repeat(27)}`,
    actor: { system: 'relay' },
    device: null,
    correlation_id: 'c',
    op_id: String(seq),
    outcome: 'ok',
    exit_code: 0,
  });

/** A relay with three pages of a record, and main's file as a log of what was done to it. */
function surroundings(
  place: string | null,
  refusedPage = -1,
  choice: ExportChoice = { form: 'evidence', edition: 'client' },
) {
  const log: string[] = [];
  const asked: unknown[] = [];
  const call = (verb: string, params: { afterSeq?: number }) => {
    asked.push(params);
    const result =
      verb === 'evidence.open'
        ? { exportId: 'x', fromSeq: 1, toSeq: 3, treeSize: 3, lines: [HEADER] }
        : {
            lines: [eventLine((params.afterSeq ?? 0) + 1)],
            nextAfterSeq: params.afterSeq === 2 ? null : (params.afterSeq ?? 0) + 1,
          };
    return Promise.resolve(
      params.afterSeq === refusedPage
        ? { ok: false, error: { code: 'not_found', text: 'There is nothing by that name.' } }
        : { ok: true, result },
    );
  };
  const done = (what: string) => {
    log.push(what);
    return Promise.resolve();
  };
  const file: EvidenceFile = {
    begin: (name) => {
      log.push(`begin ${name}`);
      return Promise.resolve(place);
    },
    append: (text) => done(text),
    end: () => done('end'),
    cancel: () => done('cancel'),
  };
  const progress: number[] = [];
  const run = () =>
    exportEvidence(
      call as unknown as Call,
      file,
      choice,
      () => NIGHT,
      (at) => progress.push(at),
    );
  return { log, asked, progress, run };
}

describe('an export', () => {
  it('goes page by page from the relay into the file, and says how far it is', async () => {
    const around = surroundings('night.ndjson');
    expect(await around.run()).toEqual({ kind: 'done', name: 'night.ndjson', events: 3 });
    expect(around.log).toEqual([
      'begin evidence-client-2026-11-24.ndjson',
      `${HEADER}\n`,
      ...[1, 2, 3].map((seq) => `${eventLine(seq)}\n`),
      'end',
    ]);
    expect(around.progress).toEqual([0, 1, 2]);
  });

  it('is made into a table of the public lines, of the time under review', async () => {
    const around = surroundings('night.csv', -1, { form: 'csv', edition: 'client', fromMs: 5 });
    expect(await around.run()).toEqual({ kind: 'done', name: 'night.csv', events: 3 });
    expect(around.asked[0]).toMatchObject({ form: 'csv', edition: 'client', fromMs: 5 });
    const [begin, , ...rows] = around.log;
    expect(begin).toBe('begin record-csv-2026-11-24.csv');
    expect(rows.slice(0, 3).map((row) => row.split(',')[2])).toEqual(Array(3).fill('"command.finished"'));
  });

  it('asks the relay for nothing without a place, and leaves no half of a file', async () => {
    const nowhere = surroundings(null);
    expect(await nowhere.run()).toEqual({ kind: 'cancelled' });
    expect(nowhere.asked).toEqual([]);
    const cut = surroundings('night.ndjson', 1);
    expect(await cut.run()).toEqual({ kind: 'failed', text: 'There is nothing by that name.' });
    expect(cut.log.at(-1)).toBe('cancel');
  });
});
