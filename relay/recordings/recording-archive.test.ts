import { runInDurableObject } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import type { RecordingEvent } from '#protocol/records.ts';
import { migrate } from '../storage/migrate.ts';
import { terminalMigrations } from '../storage/terminal-migrations.ts';
import { Recorder } from '../terminal/recorder.ts';
import { unusedTerminalStub } from '../testing/reach.ts';
import { testEnv } from '../testing/test-env.ts';
import { newId } from '../testing/test-token.ts';
import { RecordingArchive } from './recording-archive.ts';
import { lastRow } from './recording-rows.ts';
import { recordingStoreOf } from './recording-store.ts';
import type { RecordingStore } from './recording-store.ts';

const BATCHES = 60;
const BATCH_BYTES = 64 * 1024;

/** A recording of 3.8 MB, in several objects once it is copied. */
async function recorded(run: (world: World) => Promise<void>): Promise<void> {
  await runInDurableObject(unusedTerminalStub(), async (_object, { storage }) => {
    migrate(storage, terminalMigrations);
    let now = 1000;
    const recorder = new Recorder({
      storage,
      maxBytes: Infinity,
      now: () => (now += 7),
      onCommitted: () => {},
      onFailed: () => {},
    });
    recorder.begin({ cols: 80, rows: 24 });
    for (let batch = 0; batch < BATCHES; batch += 1) {
      recorder.append(new Uint8Array(BATCH_BYTES).map((_, at) => (batch * 31 + at * 7) % 253));
      if (batch % 9 === 0) recorder.resized({ cols: 81 + batch, rows: 24 });
      recorder.flush();
    }
    recorder.dispose();
    const bucket = testEnv.RECORDINGS;
    const store = recordingStoreOf(testEnv);
    if (bucket === null || bucket === undefined || store === null) throw new Error('no bucket');
    const folder = newId('org');
    const archiveOn = (on: RecordingStore | null) =>
      new RecordingArchive({ sql: storage.sql, store: on, folder: () => folder });
    const keys = async () => (await bucket.list({ prefix: folder })).objects.map(({ key }) => key);
    const { sql } = storage;
    await run({
      sql,
      sha256: recorder.sha256,
      archive: archiveOn(store),
      archiveOn,
      store,
      bucket,
      folder,
      keys,
    });
  });
}

interface World {
  readonly sql: SqlStorage;
  readonly sha256: string;
  readonly archive: RecordingArchive;
  readonly archiveOn: (store: RecordingStore | null) => RecordingArchive;
  readonly store: RecordingStore;
  readonly bucket: R2Bucket;
  readonly folder: string;
  readonly keys: () => Promise<string[]>;
}

async function readAll({ archive, sha256 }: Pick<World, 'archive' | 'sha256'>): Promise<RecordingEvent[]> {
  const events: RecordingEvent[] = [];
  let cursor: number | null = null;
  do {
    const page: Awaited<ReturnType<RecordingArchive['page']>> = await archive.page(cursor, sha256);
    if (!page.ok) throw new Error(page.code);
    events.push(...page.result.events);
    cursor = page.result.nextCursor;
  } while (cursor !== null);
  return events;
}

describe('the archive of a recording', () => {
  it('copies it, reads the copy back, lets the rows go, and reads on from any place', () =>
    recorded(async (world) => {
      const { archive, sql, sha256, keys, folder } = world;
      const before = await readAll(world);
      await archive.copy();
      expect(await keys()).toEqual([0, 1, 2, 3].map((number) => `${folder}/${number}`));
      expect([lastRow(sql), archive.isReleased]).toEqual([before.length, false]);
      expect(await archive.release()).toBe(true);
      expect([lastRow(sql), archive.isReleased]).toEqual([0, true]);
      expect(await readAll(world)).toEqual(before);
      for (let cursor = 0; cursor <= before.length; cursor += 7) {
        const page = await archive.page(cursor, sha256);
        if (!page.ok) throw new Error(page.code);
        expect(page.result.events).toEqual(before.slice(cursor, cursor + page.result.events.length));
        expect(page.result.nextCursor === null).toBe(cursor + page.result.events.length >= before.length);
      }
      await archive.erase();
      expect(await keys()).toEqual([]);
      expect(await archive.page(null, null)).toEqual({ ok: true, result: { events: [], nextCursor: null } });
    }));

  it('goes on where it was killed, and lets nothing go that it has not read back', () =>
    recorded(async (world) => {
      const { archiveOn, store, sql, archive } = world;
      const before = await readAll(world);
      // Killed after each object was written and before that was noted.
      for (const puts of [0, 1, 1, 1]) {
        let left = puts;
        const dying = archiveOn({
          ...store,
          put: async (key, body) => {
            await store.put(key, body);
            if (left === 0) throw new Error('killed');
            left -= 1;
          },
        });
        await expect(dying.copy()).rejects.toThrow('killed');
        expect(await readAll(world)).toEqual(before);
      }
      await archive.copy();
      const silent = archiveOn({ ...store, get: () => Promise.reject(new Error('no answer')) });
      await expect(silent.release()).rejects.toThrow('no answer');
      expect(lastRow(sql)).toBe(before.length);
      expect(await archive.release()).toBe(true);
      expect(await readAll(world)).toEqual(before);
    }));

  it('copies anew what was changed before its rows went, and refuses it afterwards', () =>
    recorded(async (world) => {
      const { archive, sql, bucket, folder, store, sha256 } = world;
      const before = await readAll(world);
      const key = `${folder}/1`;
      await archive.copy();
      await bucket.delete(key);
      expect(await archive.release()).toBe(false);
      expect(lastRow(sql)).toBe(before.length);
      await archive.copy();
      expect(await archive.release()).toBe(true);

      const whole = new TextDecoder().decode(await (await bucket.get(key))?.arrayBuffer());
      const lines = whole.trimEnd().split('\n');
      const swapped = [...lines];
      [swapped[2] = '', swapped[3] = ''] = [lines[3] ?? '', lines[2] ?? ''];
      const other = await (await bucket.get(`${folder}/2`))?.text();
      const changed: Record<string, string | null> = {
        'a byte of output': whole.replace(/"data":"...[A-M]/, (found) => `${found.slice(0, -1)}Z`),
        'a time': whole.replace(/"at":\d/, '"at":9'),
        'an offset': whole.replace(/"offsetBytes":\d/, '"offsetBytes":9'),
        'two lines swapped': `${swapped.join('\n')}\n`,
        'a line left out': `${lines.slice(1).join('\n')}\n`,
        'cut short': whole.slice(0, -100),
        'not text': whole.replace(/"data":"./, '"data":"!'),
        'not JSON': ` ${whole.slice(1)}`,
        'another part of it': other ?? '',
        'an id': whole.replace(/"id":(\d+)/, (_, id: string) => `"id":${Number(id) + 1}`),
        'nothing there': null,
      };
      const after = before.length - 1;
      for (const [what, text] of Object.entries(changed)) {
        expect(text, what).not.toBe(whole);
        if (text === null) await bucket.delete(key);
        else await store.put(key, new TextEncoder().encode(text));
        await expect(readAll(world), what).rejects.toThrow('recording_damaged');
        // The rest of it can be read as ever.
        expect(await archive.page(after, sha256), what).toMatchObject({ ok: true });
      }
      await store.put(key, new TextEncoder().encode(whole));
      expect(await readAll(world)).toEqual(before);
    }));

  it('refuses rows that were changed, and a whole chain that was made anew', () =>
    recorded(async ({ archive, sql, sha256 }) => {
      expect(await archive.page(null, sha256)).toMatchObject({ ok: true });
      const other = `${sha256.startsWith('0') ? '1' : '0'}${sha256.slice(1)}`;
      expect(await archive.page(null, other)).toMatchObject({ code: 'recording_damaged' });
      sql.exec('UPDATE recording SET at = at + 1 WHERE id = 3');
      expect(await archive.page(null, sha256)).toMatchObject({ code: 'recording_damaged' });
    }));
});
