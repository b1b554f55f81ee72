import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordingEvent } from '#protocol/records.ts';
import { castWriter } from './cast-writer.ts';
import type { CastVersion } from './cast-writer.ts';

const START = Date.UTC(2026, 10, 24, 2, 17);

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const output = (at: number, offsetBytes: number, bytes: Uint8Array) =>
  RecordingEvent.parse({ kind: 'output', at: START + at, offsetBytes, data: base64(bytes) });
const resize = (at: number, offsetBytes: number, cols: number, rows: number) =>
  RecordingEvent.parse({ kind: 'resize', at: START + at, offsetBytes, cols, rows });
const utf8 = (text: string) => new TextEncoder().encode(text);

const session = (commands: readonly { line: string; outputOffsetBytes: number }[] = []) => ({
  machineName: 'WEST-PRINT-01',
  startedAt: START,
  exitCode: 3,
  commands,
});

function cast(
  pages: readonly (readonly RecordingEvent[])[],
  version: CastVersion,
  commands = session().commands,
) {
  const writer = castWriter(session(commands), version);
  const text = pages.map((page) => writer.write(page)).join('') + writer.end();
  expect(text.endsWith('\n')).toBe(true);
  const [head, ...events] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  return { head, events: events as [number, string, string][] };
}

describe('a recording as asciicast', () => {
  const pages = [
    [resize(0, 0, 100, 30), output(500, 0, utf8('$ ls\r\n')), output(1500, 6, utf8('a b\r\n'))],
    [resize(1600, 11, 80, 24), output(4000, 11, utf8('$ '))],
  ];
  const commands = [
    { line: 'ls', outputOffsetBytes: 6 },
    { line: 'never printed "a thing"', outputOffsetBytes: 13 },
  ];

  it('tells, in version 3, intervals, sizes, a marker before the first byte of each command, and the exit code', () => {
    expect(cast(pages, 3, commands)).toEqual({
      head: {
        version: 3,
        term: { cols: 100, rows: 30, type: 'xterm-256color' },
        timestamp: START / 1000,
        title: 'WEST-PRINT-01',
      },
      events: [
        [0.5, 'o', '$ ls\r\n'],
        [1, 'm', 'ls'],
        [0, 'o', 'a b\r\n'],
        [0.1, 'r', '80x24'],
        [2.4, 'o', '$ '],
        [0, 'm', 'never printed "a thing"'],
        [0, 'x', '3'],
      ],
    });
  });

  it('tells, in version 2, times since the start', () => {
    const { head, events } = cast(pages, 2, commands);
    expect(head).toMatchObject({ version: 2, width: 100, height: 30, timestamp: START / 1000 });
    expect(events.map(([at, code]) => [at, code])).toEqual([
      [0.5, 'o'],
      [1.5, 'm'],
      [1.5, 'o'],
      [1.6, 'r'],
      [4, 'o'],
      [4, 'm'],
    ]);
  });

  it('marks in the middle of a batch, and a clock that goes back makes no interval negative', () => {
    const { events } = cast([[output(0, 0, utf8('abcdef')), output(-50, 6, utf8('g'))]], 3, [
      { line: 'two', outputOffsetBytes: 2 },
      { line: 'four', outputOffsetBytes: 4 },
    ]);
    expect(events.slice(0, -1)).toEqual([
      [0, 'o', 'ab'],
      [0, 'm', 'two'],
      [0, 'o', 'cd'],
      [0, 'm', 'four'],
      [0, 'o', 'ef'],
      [0, 'o', 'g'],
    ]);
  });

  it('keeps every character whole, wherever batches, pages and markers cut its bytes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 60 }),
        fc.array(fc.nat(300), { maxLength: 12 }),
        fc.array(fc.nat(300), { maxLength: 5 }),
        fc.constantFrom<CastVersion>(2, 3),
        (text, cuts, marks, version) => {
          const bytes = utf8(text);
          const places = [
            0,
            ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b),
            bytes.length,
          ];
          const events = places
            .slice(1)
            .map((to, index) => output(index, places[index] ?? 0, bytes.slice(places[index], to)));
          const told = cast(
            events.map((event) => [event]),
            version,
            marks.map((outputOffsetBytes) => ({ line: 'x', outputOffsetBytes })),
          );
          const printed = told.events.filter(([, code]) => code === 'o').map(([, , data]) => data);
          expect(printed.join('')).toBe(text);
          expect(told.events.filter(([, code]) => code === 'm')).toHaveLength(marks.length);
        },
      ),
    );
  });

  it('replaces what is no UTF-8, also at its very end', () => {
    const { events } = cast([[output(0, 0, Uint8Array.of(0x61, 0xff, 0x62, 0xc3))]], 3);
    expect(events.map(([, , data]) => data).join('')).toBe('a\uFFFDb\uFFFD3');
  });
});
