import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MachineId } from '#protocol/ids.ts';
import { openMachineState, wipeMachineState } from './machine-state.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agent-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('machine state', () => {
  it('keeps one key and the credential, for the owner alone', () => {
    const state = join(folder, 'state');
    const first = openMachineState(state);
    if (!first.ok) throw new Error(first.text);
    expect(first.state.credential).toBeNull();
    const credential = {
      machineId: MachineId.parse(`mac_${'0'.repeat(26)}`),
      machineName: 'PRIM-PRINT-01',
      credential: 'opaque',
    };
    first.state.store(credential);
    const second = openMachineState(state);
    if (!second.ok) throw new Error(second.text);
    expect(second.state.credential).toEqual(credential);
    expect(second.state.key.publicKey).toBe(first.state.key.publicKey);
    for (const name of ['machine-key.pem', 'credential.json']) {
      expect(statSync(join(state, name)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(state).mode & 0o777).toBe(0o700);

    const { key } = second.state;
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.publicKey };
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
    const signature = Buffer.from(key.sign('text'), 'base64url');
    expect(verify(null, Buffer.from('text'), publicKey, signature)).toBe(true);
  });

  it('is wiped of what ties it to a machine, damaged or not, and of nothing else', () => {
    const before = openMachineState(folder);
    writeFileSync(join(folder, 'credential.json'), '{"half":');
    writeFileSync(join(folder, 'notes.txt'), 'kept');
    expect(wipeMachineState(folder)).toEqual({ ok: true, was: null });
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    const after = openMachineState(folder);
    if (!before.ok || !after.ok) throw new Error('not opened');
    expect(after.state.key.publicKey).not.toBe(before.state.key.publicKey);
    const machineId = MachineId.parse(`mac_${'0'.repeat(26)}`);
    after.state.store({ machineId, machineName: 'PRIM-PRINT-01', credential: 'opaque' });
    expect(wipeMachineState(folder)).toMatchObject({ ok: true, was: { machineId } });
    expect(wipeMachineState(join(folder, 'never'))).toEqual({ ok: true, was: null });
    expect(wipeMachineState('/dev/null/state')).toMatchObject({ ok: false });
  });

  it('names a key, a credential and a folder that are no good', () => {
    openMachineState(folder);
    writeFileSync(join(folder, 'credential.json'), '{"half":');
    expect(openMachineState(folder)).toEqual({
      ok: false,
      text: expect.stringMatching(
        /credential\.json is not a machine credential\. Enroll the machine again, with --wipe/,
      ),
    });
    writeFileSync(join(folder, 'machine-key.pem'), 'no key');
    expect(openMachineState(folder)).toEqual({
      ok: false,
      text: expect.stringMatching(/machine-key\.pem cannot be read: .*with --wipe/),
    });
    expect(openMachineState('/dev/null/state')).toEqual({
      ok: false,
      text: expect.stringMatching(/state folder .* cannot be used/),
    });
  });
});
