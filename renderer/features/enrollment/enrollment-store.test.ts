import { describe, expect, it } from 'vitest';
import { MachineId } from '#protocol/ids.ts';
import type { MachineRow } from '#protocol/records.ts';
import type { Call } from '../../connection/relay-client.ts';
import { createEnrollment } from './enrollment-store.ts';

const RELAY_NOW = 1_790_000_000_000;
const machine = (last: string, name = 'WEST-PRINT-02'): MachineRow => ({
  machineId: MachineId.parse(`mac_${last.padStart(26, '0')}`),
  name,
  hostname: name.toLowerCase(),
  os: 'Debian 12',
  online: true,
  lastSeenAt: null,
});
const older = machine('1');
const newer = machine('2');

/** A relay with one machine enrolled before the code, and one after it. */
const call: Call = (verb, params) => {
  const result =
    verb === 'enrollment.create'
      ? { code: 'the-code', expiresAt: RELAY_NOW + 600_000 }
      : {
          enrolledAt:
            'machineId' in params && params.machineId === newer.machineId ? RELAY_NOW + 9 : RELAY_NOW - 9,
        };
  return Promise.resolve({ ok: true, result } as never);
};

function enrollment() {
  const copied: string[] = [];
  const made = createEnrollment({
    call,
    relayUrl: 'wss://relay.example/',
    now: () => 5000,
    copyText: async (text) => copied.push(text),
  });
  return { ...made, copied };
}
const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

describe('enrollment', () => {
  it('shows the command as the agent takes it, and copies exactly that', async () => {
    const { store, begin, create, copy, copied } = enrollment();
    begin();
    await create(' WEST-PRINT-02 ');
    const command =
      'node agent.js --relay https://relay.example --state /var/lib/caisey-agent --enroll the-code';
    expect(store.getState()).toMatchObject({ kind: 'waiting', machineName: 'WEST-PRINT-02', command });
    expect(store.getState()).toMatchObject({ endsAtMs: 605_000 });
    copy();
    await settled();
    expect(copied).toEqual([command]);
    expect(store.getState()).toMatchObject({ copied: true });
  });

  it('is done when the relay says that the machine is new; an older one of that name is another', async () => {
    const { store, begin, create, heard } = enrollment();
    begin();
    await create('WEST-PRINT-02');
    heard({ type: 'machine', machine: older });
    heard({ type: 'machine', machine: machine('3', 'WEST-FILE-01') });
    await settled();
    expect(store.getState().kind).toBe('waiting');
    heard({ type: 'machine', machine: newer });
    await settled();
    expect(store.getState()).toEqual({ kind: 'enrolled', machine: newer });
  });

  it('shows a code to nobody once it was closed', async () => {
    const { store, begin, create, close } = enrollment();
    begin();
    const creating = create('WEST-PRINT-02');
    close();
    await creating;
    expect(store.getState()).toEqual({ kind: 'closed' });
  });
});
