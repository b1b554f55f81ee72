import { expect, it } from 'vitest';
import { streamThroughTheNight } from '../prove/stream/prove-stream.ts';

// What `npm run prove -- --only stream` does with ten thousand events.
it('loses no event, in order and marked, while receivers are away and the relay is killed', async () => {
  const report = await streamThroughTheNight(1200, () => {});
  expect(report.breaches).toEqual([]);
}, 60_000);
