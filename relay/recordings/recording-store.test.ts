import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { testEnv } from '../testing/test-env.ts';
import { recordingStoreOf } from './recording-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The folder of recordings on a disk that answers like this. */
function storeOn(fetch: () => Promise<Response>) {
  const disk = { fetch, connect: () => expect.fail('a disk is not connected to') } as unknown as Fetcher;
  const store = recordingStoreOf({ ...testEnv, RECORDINGS: null, RECORDINGS_FOLDER: disk });
  if (store === null) throw new Error('no store');
  return store;
}

it('waits fifteen seconds for a store that hangs, whatever is asked of it, and no longer', async () => {
  const store = storeOn(() => new Promise(() => {}));
  const ended: string[] = [];
  const asked = {
    put: store.put('a/0', new Uint8Array(1)),
    get: store.get('a/0', 1),
    removeFolder: store.removeFolder('a'),
  };
  for (const [name, answer] of Object.entries(asked))
    answer.catch((error: unknown) => ended.push(`${name}: ${String(error)}`));
  await vi.advanceTimersByTimeAsync(14_999);
  expect(ended).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ended).toEqual(
    ['put', 'get', 'removeFolder'].map((name) => `${name}: Error: The store of recordings does not answer.`),
  );
});

it('forgets the time of an answer that came', async () => {
  const store = storeOn(() => Promise.resolve(new Response(null, { status: 404 })));
  expect(await store.get('a/0', 1)).toBeNull();
  await expect(store.put('a/0', new Uint8Array(1))).rejects.toThrow('is not there');
  expect(vi.getTimerCount()).toBe(0);
});
