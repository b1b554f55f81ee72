import { runInDurableObject } from 'cloudflare:test';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CREDIT_WINDOW_BYTES } from '#protocol/frame/frame.ts';
import { migrate } from '../storage/migrate.ts';
import { terminalMigrations } from '../storage/terminal-migrations.ts';
import { FILL_DISK, FREE_DISK } from '../testing/full-disk.ts';
import { unusedTerminalStub } from '../testing/reach.ts';
import { creditUpTo, freeBelow, worthSending } from './flow.ts';
import { batchHash } from '../recordings/recording-chain.ts';
import { rowsAfter } from '../recordings/recording-rows.ts';
import { Recorder } from './recorder.ts';

const bytesOf = (start: number, length: number) => Uint8Array.from({ length }, (_, i) => (start + i) % 251);

function inTerminal<R>(run: (storage: DurableObjectStorage) => R): Promise<R> {
  return runInDurableObject(unusedTerminalStub(), (_object, state) => {
    migrate(state.storage, terminalMigrations);
    return run(state.storage);
  });
}

const eventsOf = ({ sql }: DurableObjectStorage) =>
  rowsAfter(sql, 0, { bytes: Infinity, batches: 1000 }).batches.map(({ event }) => event);

const recorderOn = (storage: DurableObjectStorage): Recorder =>
  new Recorder({ storage, maxBytes: 1_000_000, now: () => 1000, onCommitted: () => {}, onFailed: () => {} });

describe('the recorder', () => {
  it('gives back every byte from any offset, across batches, pending output and a new object', async () => {
    await inTerminal((storage) => {
      const recorder = recorderOn(storage);
      recorder.resized({ cols: 80, rows: 24 });
      let written = 0;
      for (const length of [1, 4000, 65_536, 70_000, 3, 12]) {
        recorder.append(bytesOf(written, length));
        written += length;
      }
      expect(recorder.receivedBytes).toBe(written);
      expect(recorder.committedBytes).toBe(written - 15);
      fc.assert(
        fc.property(fc.nat(written - 1), fc.integer({ min: 1, max: 65_536 }), (offset, max) => {
          const part = recorder.read(offset, max);
          expect(part.length).toBeGreaterThan(0);
          expect(part.length).toBeLessThanOrEqual(max);
          expect(part).toEqual(bytesOf(offset, part.length));
        }),
        { numRuns: 50 },
      );
      expect(recorder.read(written, 10)).toHaveLength(0);
      recorder.dispose();
      // Killed: what was pending is gone here, and the agent sends it again from where this one is.
      const next = recorderOn(storage);
      expect(next.receivedBytes).toBe(written - 15);
      expect(next.sha256).toBe(recorder.sha256);
      next.append(bytesOf(written - 15, 15));
      next.flush();
      const pages = eventsOf(storage).map((event) =>
        event.kind === 'output' ? Uint8Array.fromBase64(event.data) : new Uint8Array(0),
      );
      expect(new Uint8Array(pages.flatMap((page) => Array.from(page)))).toEqual(bytesOf(0, written));
    });
  });

  it('chains its batches so that none can be changed, dropped or moved', async () => {
    await inTerminal((storage) => {
      const recorder = recorderOn(storage);
      recorder.resized({ cols: 80, rows: 24 });
      recorder.append(bytesOf(0, 10));
      recorder.flush();
      let hash = batchHash(
        '0'.repeat(64),
        { kind: 'resize', at: 1000, offset: 0, size: { cols: 80, rows: 24 } },
        null,
      );
      hash = batchHash(hash, { kind: 'output', at: 1000, offset: 0, size: null }, bytesOf(0, 10));
      expect(recorder.sha256).toBe(hash);
      const changed = batchHash(
        '0'.repeat(64),
        { kind: 'output', at: 1000, offset: 0, size: null },
        bytesOf(1, 10),
      );
      expect(changed).not.toBe(hash);
      recorder.dispose();
    });
  });
});

describe('a recorder that cannot write', () => {
  it('commits nothing, keeps everything in its order, and writes it once it can', async () => {
    await inTerminal((storage) => {
      const recorder = recorderOn(storage);
      recorder.begin({ cols: 80, rows: 24 });
      const begun = recorder.sha256;
      storage.sql.exec(FILL_DISK);
      recorder.append(bytesOf(0, 70_000));
      recorder.resized({ cols: 100, rows: 30 });
      recorder.append(bytesOf(70_000, 7));
      recorder.flush();
      expect(recorder.committedBytes).toBe(0);
      expect(recorder.sha256).toBe(begun);
      expect(recorder.read(69_999, 3)).toEqual(bytesOf(69_999, 1));
      storage.sql.exec(FREE_DISK);
      recorder.flush();
      expect(recorder.committedBytes).toBe(70_007);
      const events = eventsOf(storage);
      expect(events.map(({ kind, offsetBytes }) => [kind, offsetBytes])).toEqual([
        ['resize', 0],
        ['output', 0],
        ['resize', 70_000],
        ['output', 70_000],
      ]);
      let hash = '0'.repeat(64);
      for (const event of events) {
        const { kind, at, offsetBytes: offset } = event;
        const size = event.kind === 'resize' ? { cols: event.cols, rows: event.rows } : null;
        const data = event.kind === 'output' ? Uint8Array.fromBase64(event.data) : null;
        hash = batchHash(hash, { kind, at, offset, size }, data);
      }
      expect(recorder.sha256).toBe(hash);
      recorder.dispose();
    });
  });

  it('gives up after ten seconds, once, and not a moment earlier', async () => {
    await inTerminal((storage) => {
      let now = 0;
      const failures: unknown[] = [];
      const recorder: Recorder = new Recorder({
        storage,
        maxBytes: 1000,
        now: () => now,
        onCommitted: () => {},
        onFailed: (error) => {
          failures.push(error);
          // As the end of a session does.
          recorder.flush();
        },
      });
      recorder.begin({ cols: 80, rows: 24 });
      storage.sql.exec(FILL_DISK);
      recorder.append(bytesOf(0, 10));
      for (now of [0, 5000, 9999]) recorder.flush();
      expect(failures).toEqual([]);
      now = 10_000;
      recorder.flush();
      expect(String(failures)).toContain('disk full');
      recorder.flush();
      expect(failures).toHaveLength(1);
      recorder.dispose();
    });
  });

  it('goes on trying where the session could not even be ended', async () => {
    await inTerminal((storage) => {
      let now = 0;
      let failures = 0;
      let endable = false;
      const recorder = new Recorder({
        storage,
        maxBytes: 1000,
        now: () => now,
        onCommitted: () => {},
        onFailed: () => {
          failures += 1;
          if (!endable) throw new Error('disk full');
        },
      });
      recorder.begin({ cols: 80, rows: 24 });
      storage.sql.exec(FILL_DISK);
      recorder.append(bytesOf(0, 10));
      for (now of [0, 10_000, 11_000]) recorder.flush();
      expect(failures).toBe(2);
      endable = true;
      recorder.flush();
      recorder.flush();
      expect(failures).toBe(3);
      recorder.dispose();
    });
  });

  it('writes nothing after its end', async () => {
    await inTerminal((storage) => {
      const recorder = recorderOn(storage);
      recorder.begin({ cols: 80, rows: 24 });
      storage.sql.exec(FILL_DISK);
      recorder.append(bytesOf(0, 10));
      recorder.flush();
      const { sha256 } = recorder;
      recorder.dispose();
      storage.sql.exec(FREE_DISK);
      recorder.flush();
      expect([recorder.sha256, eventsOf(storage).length]).toEqual([sha256, 1]);
    });
  });

  it('says what it still takes, a new object as well', async () => {
    await inTerminal((storage) => {
      const recorder = recorderOn(storage);
      recorder.begin({ cols: 80, rows: 24 });
      recorder.append(bytesOf(0, 999_000));
      recorder.append(bytesOf(0, 400));
      expect(recorder.roomBytes).toBe(600);
      recorder.append(bytesOf(0, 600));
      recorder.flush();
      recorder.dispose();
      expect([recorder.roomBytes, recorderOn(storage).roomBytes]).toEqual([0, 0]);
    });
  });

  it('does not begin', async () => {
    await inTerminal((storage) => {
      storage.sql.exec(FILL_DISK);
      expect(() => recorderOn(storage).begin({ cols: 80, rows: 24 })).toThrow('disk full');
    });
  });
});

describe('flow', () => {
  it('never lets go of what is not recorded, nor of what the attached console has not drawn', () => {
    const offset = fc.nat(10_000_000);
    fc.assert(
      fc.property(offset, fc.option(offset), offset, (committedBytes, consoleAckBytes, windowBytes) => {
        const free = freeBelow({ committedBytes, consoleAckBytes });
        expect(free).toBeLessThanOrEqual(committedBytes);
        if (consoleAckBytes !== null) expect(free).toBeLessThanOrEqual(consoleAckBytes);
        expect(creditUpTo({ committedBytes, consoleAckBytes, windowBytes })).toBe(free + windowBytes);
      }),
    );
  });

  it('always grants before the agent runs dry', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.nat(CREDIT_WINDOW_BYTES),
        fc.nat(CREDIT_WINDOW_BYTES),
        (sent, used, more) => {
          const received = sent + used - CREDIT_WINDOW_BYTES;
          const dry = received >= sent;
          if (dry && more > 0) expect(worthSending(sent + more, sent, received)).toBe(true);
          if (more === 0) expect(worthSending(sent, sent, received)).toBe(false);
        },
      ),
    );
  });
});
