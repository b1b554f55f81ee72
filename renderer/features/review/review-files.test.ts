import { describe, expect, it } from 'vitest';
import type { Call } from '../../connection/relay-client.ts';
import { createReviewFiles } from './review-files.ts';

/** A relay with a record of 1,200 events in two pages; where to, and whether it refuses, is the test's to say. */
function reviewFiles() {
  const told: (string | null)[] = [];
  const begun: string[] = [];
  const way: { place: string | null; isRefused: boolean } = { place: '/home/tess', isRefused: false };
  const call = (verb: string, params: { afterSeq?: number }) => {
    if (way.isRefused) return Promise.resolve({ ok: false, error: { code: 'x', text: 'Not now.' } });
    const result =
      verb === 'evidence.open'
        ? { exportId: 'x', fromSeq: 1, toSeq: 1200, treeSize: 1200, lines: [] }
        : { lines: [], nextAfterSeq: params.afterSeq === 0 ? 1000 : null };
    return Promise.resolve({ ok: true, result });
  };
  const files = createReviewFiles({
    call: call as unknown as Call,
    file: {
      begin: (name) => {
        begun.push(name);
        return Promise.resolve(way.place === null ? null : name);
      },
      append: async () => {},
      end: async () => {},
      cancel: async () => {},
    },
    now: () => Date.UTC(2026, 10, 24, 7),
    tell: (line) => told.push(line),
  });
  return { files, told, begun, way };
}

describe('the files of a review', () => {
  it('tells how far one is and what became of it', async () => {
    const { files, told } = reviewFiles();
    await files.writeEvidence('client');
    expect(told).toEqual([
      'Exporting 0 of 1,200 events…',
      'Exporting 1,000 of 1,200 events…',
      '1,200 events exported to evidence-client-2026-11-24.ndjson. Check it with caisey-verify.',
    ]);
  });

  it('writes one at a time, and the next whatever became of the one before', async () => {
    const { files, told, begun, way } = reviewFiles();
    way.place = null;
    await Promise.all([files.writeEvidence('client'), files.writeEvidence('reviewer')]);
    expect(begun).toEqual(['evidence-client-2026-11-24.ndjson']);
    expect(told).toEqual([null]);
    way.place = '/home/tess';
    way.isRefused = true;
    await files.writeEvidence('reviewer');
    await files.writeEvidence('client');
    expect(begun).toHaveLength(3);
    expect(told).toEqual([null, 'Not now.', 'Not now.']);
  });
});
