import { describe, expect, it } from 'vitest';
import { EnrollmentId, MachineId } from '#protocol/ids.ts';
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

/** A relay with two open codes, and one machine enrolled before the code, and one after it. */
function relay() {
  const code = (last: string, machineName: string, leftMs: number) => ({
    enrollmentId: EnrollmentId.parse(`enr_${last.padStart(26, '0')}`),
    machineName,
    createdBy: { userId: 'user_anders00000', name: 'Anders' },
    createdAt: RELAY_NOW,
    expiresAt: RELAY_NOW + leftMs,
  });
  let open = [code('2', 'WEST-XRAY-02', 500_000), code('1', 'WEST-FILE-01', 20_000)];
  const answers = {
    'enrollment.create': () => ({ code: 'the-code', expiresAt: RELAY_NOW + 600_000 }),
    'enrollment.rotate': () => ({ code: 'the-next-code', expiresAt: RELAY_NOW + 600_000 }),
    'enrollment.list': () => ({ open, total: open.length, at: RELAY_NOW }),
    'enrollment.revoke': ({ enrollmentId }: { enrollmentId: string }) => {
      open = open.filter((one) => one.enrollmentId !== enrollmentId);
      return {};
    },
    'machine.get': ({ machineId }: { machineId: string }) => ({
      enrolledAt: machineId === newer.machineId ? RELAY_NOW + 9 : RELAY_NOW - 9,
    }),
  };
  const call: Call = (verb, params) => {
    const result = answers[verb as keyof typeof answers](params as never);
    return Promise.resolve({ ok: true, result } as never);
  };
  return { call, use: (name: string) => (open = open.filter(({ machineName }) => machineName !== name)) };
}

function enrollment() {
  const copied: string[] = [];
  const { call, use } = relay();
  const made = createEnrollment({
    call,
    relayUrl: 'wss://relay.example/',
    now: () => 5000,
    copyText: async (text) => copied.push(text),
  });
  const openCodes = () => {
    const state = made.store.getState();
    return state.kind === 'naming' ? (state.codes.rows ?? []) : [];
  };
  return { ...made, copied, openCodes, use };
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
      'CAISEY_ENROLL_CODE=the-code node agent.js --relay https://relay.example --state /var/lib/caisey-agent';
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
    heard({ changed: [older] });
    heard({ changed: [machine('3', 'WEST-FILE-01')] });
    await settled();
    expect(store.getState().kind).toBe('waiting');
    heard({ changed: [newer] });
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

  it('lists open codes by this computer’s clock, and drops what was used or revoked', async () => {
    const { begin, choose, revoke, heard, openCodes, use, store } = enrollment();
    begin();
    await settled();
    const [newest, oldest] = openCodes();
    expect([newest?.endsAtMs, oldest?.endsAtMs]).toEqual([505_000, 25_000]);
    if (newest === undefined || oldest === undefined) throw new Error('no codes');
    choose(newest.enrollmentId);
    await revoke(oldest);
    expect(openCodes()).toEqual([newest]);
    expect(store.getState()).toMatchObject({ codes: { chosen: newest.enrollmentId } });
    use('WEST-XRAY-02');
    heard({ changed: [machine('4', 'WEST-XRAY-02')] });
    await settled();
    expect(openCodes()).toEqual([]);
    expect(store.getState()).toMatchObject({ kind: 'naming', codes: { chosen: null } });
  });

  it('shows the code that takes the place of another', async () => {
    const { begin, rotate, openCodes, store } = enrollment();
    begin();
    await settled();
    const [newest] = openCodes();
    if (newest === undefined) throw new Error('no code');
    await rotate(newest);
    expect(store.getState()).toMatchObject({
      kind: 'waiting',
      machineName: 'WEST-XRAY-02',
      command: expect.stringContaining('CAISEY_ENROLL_CODE=the-next-code '),
    });
  });
});
