import { describe, expect, it } from 'vitest';
import { callError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import type { Identity } from '../../features/sign-in/index.ts';
import { createStepUp } from './step-up.ts';

/** A relay that asks for a confirmation until it got one, and a person whose password is `right`. */
function surroundings() {
  const log: string[] = [];
  let proved = false;
  const relayCall: Call = async (verb, params) => {
    log.push(verb === 'workspace.reverify' && 'purpose' in params ? `${verb} ${params.purpose}` : verb);
    if (verb === 'workspace.reverify') proved = true;
    if (verb === 'enrollment.create' && !proved) return { ok: false, error: callError('step_up_required') };
    return { ok: true, result: {} as never };
  };
  const identity: Pick<Identity, 'startReverification' | 'reverifyPassword' | 'reverifyCode' | 'getToken'> = {
    startReverification: async () => ({ kind: 'password' }),
    reverifyPassword: async (password) =>
      password === 'right'
        ? { kind: 'complete' }
        : { kind: 'wrong', field: 'password', text: 'no', spent: false, waitSeconds: null },
    reverifyCode: async () => ({ kind: 'complete' }),
    getToken: async () => ({ ok: true, token: 'token' }),
  };
  return { log, ...createStepUp(relayCall, identity) };
}

describe('a sensitive verb of the console', () => {
  it('is asked again once the person has confirmed, and what waits for it as well', async () => {
    const { call, store, ports, log } = surroundings();
    const first = call('enrollment.create', { machineName: 'A' });
    const second = call('enrollment.create', { machineName: 'B' });
    await expect.poll(() => store.getState().verb).toBe('enrollment.create');
    expect(await ports.start()).toEqual({ kind: 'ask', factor: 'password' });
    expect(await ports.password('wrong')).toEqual({ kind: 'wrong', text: 'no' });
    expect(await ports.password('right')).toEqual({ kind: 'done' });
    expect(await first).toMatchObject({ ok: true });
    expect(await second).toMatchObject({ ok: true });
    expect(store.getState().verb).toBeNull();
    expect(log).toEqual([
      'enrollment.create',
      'enrollment.create',
      'workspace.reverify step_up',
      'enrollment.create',
      'enrollment.create',
    ]);
  });

  it('is not done when the person cancels, and others are not held up', async () => {
    const { call, store, cancel, log } = surroundings();
    expect(await call('runbook.list', {})).toMatchObject({ ok: true });
    const waiting = call('enrollment.create', { machineName: 'A' });
    await expect.poll(() => store.getState().verb).not.toBeNull();
    cancel();
    expect(await waiting).toMatchObject({ ok: false, error: { code: 'step_up_required' } });
    expect(log).toEqual(['runbook.list', 'enrollment.create']);
  });
});
