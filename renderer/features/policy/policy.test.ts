import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, OrganizationPolicy } from '#protocol/policy.ts';
import { callError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import { draftOf, faultsOf, keptText, NUMBER_FIELDS, policyOf } from './policy-fields.ts';
import { createPolicy } from './policy-store.ts';

describe('the rules as they are typed', () => {
  it('are taken exactly where the relay takes them', () => {
    for (const { field, least, most } of NUMBER_FIELDS) {
      for (const minutes of [least - 1, least, most, most + 1]) {
        const other = field === 'entryIdleMinutes' ? { entryMaxMinutes: 1440 } : { entryIdleMinutes: 5 };
        const policy = { ...DEFAULT_POLICY, ...other, [field]: minutes };
        const faults = faultsOf(draftOf(policy), 60);
        expect([field, minutes, Object.keys(faults).length === 0]).toEqual([
          field,
          minutes,
          OrganizationPolicy.safeParse(policy).success,
        ]);
      }
    }
  });

  it('say what is wrong with them', () => {
    const draft = { ...draftOf(DEFAULT_POLICY), freshSignInMinutes: '3', stepUpMinutes: '1e1' };
    expect(faultsOf(draft, 2)).toEqual({
      freshSignInMinutes: 'From 0 to 2 minutes, the limit of the relay.',
      stepUpMinutes: 'From 1 to 60 minutes.',
    });
    const crossed = { ...draftOf(DEFAULT_POLICY), entryIdleMinutes: '60', entryMaxMinutes: '30' };
    expect(Object.keys(faultsOf(crossed, 2))).toEqual(['entryIdleMinutes']);
    expect(policyOf(draftOf(DEFAULT_POLICY))).toEqual(DEFAULT_POLICY);
  });
});

describe('how long the record is kept', () => {
  const now = Date.UTC(2026, 10, 24);

  it('is said as a day, and warned of where saving removes what is kept now', () => {
    expect(keptText('36500', 36_500, now)).toEqual({
      removes: false,
      text: '36500 days stands for “for ever”: nothing is removed.',
    });
    expect(keptText('365', 36_500, now)).toEqual({
      removes: true,
      text: 'Saving removes for good all events, recordings and reviews from before 24 Nov 2025. Their hashes stay.',
    });
    expect(keptText('365', 365, now)).toMatchObject({ removes: false });
    expect(keptText('365', 365, now)?.text).toContain('Now back to 24 Nov 2025.');
    for (const typed of ['', '29', '36501', '1e2']) expect(keptText(typed, 365, now)).toBeNull();
  });
});

describe('saving the rules', () => {
  /** A relay that holds a policy, which somebody else may change. */
  function relay() {
    const state = { policy: DEFAULT_POLICY, sets: 0 };
    const call: Call = async (verb, params) => {
      if (verb === 'policy.get') {
        return { ok: true, result: { policy: state.policy, freshSignInMinutesMax: 2 } as never };
      }
      state.sets += 1;
      const { expected, policy } = params as never as Record<'expected' | 'policy', OrganizationPolicy>;
      if (JSON.stringify(expected) !== JSON.stringify(state.policy)) {
        return { ok: false, error: callError('conflict') };
      }
      state.policy = policy;
      return { ok: true, result: {} as never };
    };
    return { state, call };
  }

  it('shows what holds then, and says when somebody was faster', async () => {
    const { state, call } = relay();
    const policy = createPolicy(call, true);
    await policy.open();
    await policy.save({ ...DEFAULT_POLICY, entryIdleMinutes: 45 });
    expect(policy.store.getState()).toMatchObject({
      holds: { entryIdleMinutes: 45 },
      busy: false,
      note: { kind: 'saved' },
    });
    state.policy = { ...state.policy, entryIdleMinutes: 90 };
    await policy.save({ ...DEFAULT_POLICY, entryIdleMinutes: 10 });
    expect(policy.store.getState()).toMatchObject({
      holds: { entryIdleMinutes: 90 },
      note: { kind: 'conflict' },
    });
    await policy.save({ ...DEFAULT_POLICY, entryIdleMinutes: 10 });
    expect(state.policy.entryIdleMinutes).toBe(10);
  });

  it('asks nothing of the relay for who may only read', async () => {
    const { state, call } = relay();
    const policy = createPolicy(call, false);
    await policy.open();
    await policy.save({ ...DEFAULT_POLICY, entryIdleMinutes: 45 });
    expect(state.sets).toBe(0);
    policy.close();
    expect(policy.store.getState()).toEqual({ kind: 'closed' });
  });
});
