import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toBase64 } from '#protocol/evidence/base64.ts';
import { checkpointText, originOf, signedNote } from '#protocol/evidence/checkpoint.ts';
import type { CheckpointAnswer } from '#protocol/evidence/last-seen.ts';
import { leafHash, nodeHash } from '#protocol/evidence/merkle-tree.ts';
import { MachineId } from '#protocol/ids.ts';
import { LastCheckpoint } from './last-checkpoint.ts';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const [first, second, forged] = ['first', 'second', 'forged'].map((line) =>
  leafHash(sha256, Buffer.from(line)),
);

function shown(
  size: number,
  root: Uint8Array | undefined,
  proof: (Uint8Array | undefined)[],
): CheckpointAnswer {
  const origin = originOf('org_2NcrG06nygvGgnGJP8GD0WyIT41');
  const text = checkpointText({ origin, size, root: root ?? new Uint8Array(32), signedAt: 0 });
  const signature = { name: origin, keyHash: new Uint8Array(4), signature: new Uint8Array(64) };
  const hashes = proof.map((hash) => toBase64(hash ?? new Uint8Array(32)));
  return { checkpoint: signedNote(text, [signature]), proof: hashes };
}

let folder: string;
let log: string[];
let asked: unknown[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-checkpoint-'));
  log = [];
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As after a restart. */
async function returning(answer: CheckpointAnswer, machine = '1'): Promise<void> {
  const last = new LastCheckpoint({
    file: join(folder, 'last-checkpoint.json'),
    machineId: MachineId.parse(`mac_${machine.repeat(26)}`),
    log: (event) => log.push(event),
    send: (message) => asked.push(message) > 0,
  });
  last.connected();
  await last.answered(answer);
}

describe('the last checkpoint', () => {
  it('is kept over restarts, and tells a record that was cut or changed from one that went on', async () => {
    const both = nodeHash(sha256, first ?? new Uint8Array(), second ?? new Uint8Array());
    await returning({ checkpoint: null, proof: [] });
    await returning(shown(1, first, []));
    await returning(shown(2, both, [second]));
    await returning(shown(2, both, []));
    expect(log).toEqual([]);
    expect(asked).toMatchObject([null, null, 1, 2].map((lastSeenSize) => ({ lastSeenSize })));

    await returning(shown(1, first, []));
    await returning({ checkpoint: null, proof: [] });
    await returning(shown(2, forged, []));
    await returning(shown(3, forged, [first, second]));
    expect(log).toEqual(['record.cut', 'record.cut', 'record.changed', 'record.changed']);
    // It goes on remembering what it saw; another machine's memory is none.
    await returning(shown(2, both, []));
    await returning(shown(1, forged, []), '2');
    expect(log).toHaveLength(4);
  });
});
