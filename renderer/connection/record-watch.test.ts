import { describe, expect, it } from 'vitest';
import { toBase64 } from '#protocol/evidence/base64.ts';
import { checkpointText, originOf, signedNote } from '#protocol/evidence/checkpoint.ts';
import { OrgId } from '#protocol/ids.ts';
import { RecordWatch } from './record-watch.ts';
import type { Call } from './relay-client.ts';
import { TestClock, settled } from '../testing/test-clock.ts';

const orgId = OrgId.parse('org_2NcrG06nygvGgnGJP8GD0WyIT41');
const root = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

function noteOf(size: number, byte: number): string {
  const origin = originOf(orgId);
  const signature = { name: origin, keyHash: new Uint8Array(4), signature: new Uint8Array(64) };
  return signedNote(checkpointText({ origin, size, root: root(byte), signedAt: 0 }), [signature]);
}

class Console {
  readonly clock = new TestClock();
  readonly kept = new Map<string, string>();
  shown: { checkpoint: string | null; proof: string[] } = { checkpoint: null, proof: [] };
  readonly asked: unknown[] = [];

  started(): RecordWatch {
    const call = (_verb: string, params: unknown) => {
      this.asked.push(params);
      return Promise.resolve({ ok: true, result: this.shown });
    };
    return new RecordWatch({
      orgId,
      call: call as unknown as Call,
      timers: this.clock,
      storage: {
        getItem: (key) => this.kept.get(key) ?? null,
        setItem: (key, value) => void this.kept.set(key, value),
      },
      // The one node that these proofs need is made of the roots themselves.
      sha256: (bytes) => root((bytes[1] ?? 0) + (bytes[33] ?? 0)),
    });
  }
}

describe('the record', () => {
  it('is compared on every return and each minute, also by a console that was started anew', async () => {
    const around = new Console();
    const watch = around.started();
    watch.reached(true);
    await settled();
    expect(watch.trouble.getState()).toBeNull();
    around.shown = { checkpoint: noteOf(1, 1), proof: [] };
    // Its first events were not signed yet.
    await around.clock.pass(11_000);
    around.shown = { checkpoint: noteOf(2, 3), proof: [toBase64(root(2))] };
    watch.reached(false);
    await around.clock.pass(120_000);
    expect(around.asked).toEqual([{ lastSeenSize: null }, { lastSeenSize: null }]);
    watch.reached(true);
    await settled();
    expect(watch.trouble.getState()).toBeNull();

    const again = around.started();
    around.shown = { checkpoint: noteOf(1, 1), proof: [] };
    again.reached(true);
    await settled();
    expect(around.asked.at(-1)).toEqual({ lastSeenSize: 2 });
    expect(again.trouble.getState()).toEqual({ kind: 'cut', seenSize: 2, size: 1 });
    around.shown = { checkpoint: noteOf(2, 4), proof: [] };
    await around.clock.pass(60_000);
    expect(again.trouble.getState()).toEqual({ kind: 'changed', seenSize: 2 });
    around.shown = { checkpoint: noteOf(2, 3), proof: [] };
    await around.clock.pass(60_000);
    expect(again.trouble.getState()).toBeNull();
  });
});
