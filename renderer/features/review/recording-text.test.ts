import { describe, expect, it } from 'vitest';
import { RecordingEvent } from '#protocol/records.ts';
import { findInOutput } from './recording-text.ts';
import { buildTimeline } from './recording-timeline.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Cut into batches of so many bytes, a tenth of a second apart. */
function recorded(text: string, batchBytes: number) {
  const bytes = utf8(text);
  const events: RecordingEvent[] = [];
  for (let at = 0; at < bytes.length; at += batchBytes) {
    const data = btoa(String.fromCharCode(...bytes.subarray(at, at + batchBytes)));
    events.push(RecordingEvent.parse({ kind: 'output', at: events.length * 100, offsetBytes: at, data }));
  }
  return buildTimeline(events);
}

const find = (text: string, query: string, batchBytes = 10_000) =>
  findInOutput(recorded(text, batchBytes), query, new AbortController().signal, () => Promise.resolve());

describe('a search in what a recording printed', () => {
  const text =
    'one\r\n\u001B[1;31mSpooler\u001B[0m: \u001B]0;title spooler\u0007gone — Größe\r\n\u001B]8;;https://x\u001B\\link\u001B]8;;\u001B\\ two\r\nlast spooler';

  it('finds lines by what they say, without their sequences, wherever batches cut them', async () => {
    for (const batchBytes of [1, 3, 7, 10_000]) {
      const hits = await find(text, 'SPOOLER', batchBytes);
      expect(hits.map(({ line }) => line)).toEqual(['Spooler: gone — Größe', 'last spooler']);
      expect((await find(text, 'größe', batchBytes)).length).toBe(1);
      expect((await find(text, 'link two', batchBytes)).length).toBe(1);
    }
    for (const nothing of ['', '  ', 'title', '31m', 'https']) expect(await find(text, nothing)).toEqual([]);
  });

  it('says when: the batch that ends the line', async () => {
    expect(await find('aaaa\r\nbbbb\r\ncccc', 'bbbb', 6)).toMatchObject([{ atMs: 100, number: 0 }]);
  });

  it('ends with two hundred, and when it is not wanted any more', async () => {
    expect(await find('x\r\n'.repeat(500), 'x')).toHaveLength(200);
    const stopped = new AbortController();
    const long = recorded(`${'y'.repeat(99)}\n`.repeat(60_000) + 'needle', 60_000);
    const search = findInOutput(long, 'needle', stopped.signal, () => {
      stopped.abort();
      return Promise.resolve();
    });
    expect(await search).toEqual([]);
  });
});
