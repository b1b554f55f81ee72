import { property, assert, string, constantFrom } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cell } from './csv.ts';
import { exportShapes } from './export-shape.ts';

const line = (event: string, fields: object, outcome = 'ok') =>
  JSON.stringify({
    id: 'evt_01HZZZZZZZZZZZZZZZZZZZZZZZ',
    v: 1,
    event,
    code: 'CM1',
    seq: 12,
    at: Date.UTC(2026, 10, 24, 2, 4, 5),
    org_id: `org_${'w'.repeat(27)}`,
    actor: {
      user_id: `user_${'t'.repeat(27)}`,
      sid: `sess_${'s'.repeat(27)}`,
      role: 'technician',
      auth_age_s: 9,
      factor: 'first',
    },
    device: { install_id: 'i', app_version: '1', window_id: 'w', ip: '203.0.113.7' },
    correlation_id: 'ses_01HZZZZZZZZZZZZZZZZZZZZZZZ',
    op_id: 'x',
    outcome,
    ...fields,
  });
const command = line('command.started', {
  session_id: 'ses_01HZZZZZZZZZZZZZZZZZZZZZZZ',
  command_id: 'cmd_01HZZZZZZZZZZZZZZZZZZZZZZZ',
  line: '=cmd|"/c calc"!A1',
  cwd: '/srv',
});

/** RFC 4180, read strictly. */
function readCsv(text: string): string[][] {
  return text
    .trimEnd()
    .split('\r\n')
    .map((row) =>
      [...row.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, found = '']) => found.replaceAll('""', '"')),
    );
}

describe('a record in other shapes', () => {
  it('maps to OCSF: the class, the tenant, the sequence, and the line as it was signed', () => {
    expect(JSON.parse(exportShapes.ocsf.line(command))).toMatchObject({
      class_uid: 1007,
      category_uid: 1,
      type_uid: 100_701,
      severity_id: 1,
      status_id: 1,
      metadata: { tenant_uid: `org_${'w'.repeat(27)}`, sequence: 12, version: '1.3.0' },
      process: { cmd_line: '=cmd|"/c calc"!A1', working_directory: '/srv' },
      raw_data: command,
    });
    const kinds = ['workspace.entered', 'access.denied', 'policy.changed', 'session_attempt.aborted'].map(
      (event) =>
        JSON.parse(exportShapes.ocsf.line(line(event, {}, event === 'access.denied' ? 'refused' : 'ok'))),
    );
    expect(kinds.map(({ type_uid: type, severity_id: severity }) => [type, severity])).toEqual([
      [300_201, 1],
      [300_399, 3],
      [600_303, 1],
      [600_399, 2],
    ]);
  });

  it('maps to ECS', () => {
    expect(JSON.parse(exportShapes.ecs.line(command))).toMatchObject({
      '@timestamp': '2026-11-24T02:04:05.000Z',
      event: {
        action: 'command.started',
        category: ['process'],
        type: ['start'],
        sequence: 12,
        original: command,
      },
      organization: { id: `org_${'w'.repeat(27)}` },
      process: { command_line: '=cmd|"/c calc"!A1' },
      source: { ip: '203.0.113.7' },
    });
  });

  it('is a table in which no cell is a formula', () => {
    const { begin } = exportShapes.csv;
    const [head, row] = readCsv(`${begin.slice(1)}${exportShapes.csv.line(command)}`);
    expect(begin.startsWith('\uFEFF')).toBe(true);
    expect(row).toHaveLength(head?.length ?? 0);
    expect(row?.[head?.indexOf('command') ?? 0]).toBe(`'=cmd|"/c calc"!A1`);
    const begins = constantFrom('', ' ', '\t', '\n', '\u00A0', '\u200B', '=', '-', '＝', '"', ',');
    assert(
      property(begins, begins, string({ unit: 'grapheme', maxLength: 12 }), (first, second, rest) => {
        const made = cell(`${first}${second}${rest}`);
        expect(made).toMatch(/^"(?:[^"]|"")*"$/u);
        expect(made).not.toMatch(/^"\s*[=+\-@|%＝＋－＠]/u);
        expect(made).not.toMatch(/[\r\n\0]/u);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves out the lines that an evidence file has of its own, but in evidence', () => {
    const own = '{"type":"left","hashes":[]}';
    expect(exportShapes.csv.line(own) + exportShapes.ocsf.line(own) + exportShapes.ecs.line(own)).toBe('');
    expect(exportShapes.evidence.line(own)).toBe(`${own}\n`);
  });
});
