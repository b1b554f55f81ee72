import { describe, expect, it } from 'vitest';
import type { StreamReceiver, StreamStanding } from '#protocol/stream.ts';
import { shownReceiver } from '#protocol/stream.ts';
import { callError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import { EMPTY_DRAFT, receiverOf } from './receiver-draft.ts';
import { createStream } from './stream-store.ts';
import { stateOf } from './stream-text.ts';

const SECRET = 'whsec_c2VjcmV0';
const webhook: StreamReceiver = { kind: 'webhook', url: 'https://siem.example/in', authorization: null };

/** A relay with at most one stream, which somebody else may change and which may be away. */
function relay() {
  const state = { stream: null as StreamStanding | null, sets: [] as unknown[], away: false, changes: 0 };
  const call: Call = async (verb, params) => {
    if (state.away) return { ok: false, error: callError('unavailable') };
    if (verb === 'stream.get') return { ok: true, result: { stream: state.stream } as never };
    state.sets.push(params);
    const { expected, receiver } = params as never as {
      expected: string | null;
      receiver: StreamReceiver | null;
    };
    if (expected !== (state.stream?.revision ?? null)) return { ok: false, error: callError('conflict') };
    state.stream =
      receiver === null
        ? null
        : {
            receiver: shownReceiver(receiver),
            revision: `r${(state.changes += 1)}`,
            sentSeq: 3,
            signedSeq: 5,
            failing: null,
          };
    return { ok: true, result: { secret: receiver?.kind === 'webhook' ? SECRET : null } as never };
  };
  return { state, call };
}

const copied: string[] = [];
const streamOn = (call: Call) => createStream(call, async (text) => copied.push(text));

describe('a stream', () => {
  it('is named, shows its secret once, and is stopped', async () => {
    const { state, call } = relay();
    const stream = streamOn(call);
    await stream.open();
    expect(stream.store.getState()).toMatchObject({ kind: 'open', standing: null });
    stream.edit();
    await stream.save(webhook, 'first');
    expect(state.sets).toEqual([{ expected: null, receiver: webhook, afterSeq: 0 }]);
    expect(stream.store.getState()).toMatchObject({ step: { kind: 'secret', secret: SECRET } });
    stream.copySecret();
    await Promise.resolve();
    expect(copied).toEqual([SECRET]);
    stream.back();
    expect(JSON.stringify(stream.store.getState())).not.toContain(SECRET);
    stream.askToStop();
    await stream.stop();
    expect(state.stream).toBeNull();
    expect(stream.store.getState()).toMatchObject({ standing: null, step: { kind: 'standing' } });
  });

  it('shows its secret though the dialog was to be closed, left or could not ask again meanwhile', async () => {
    for (const meanwhile of ['close', 'back'] as const) {
      const { state, call } = relay();
      const late = Promise.withResolvers<void>();
      const stream = streamOn(async (verb, params) => {
        const answer = await call(verb, params);
        if (verb === 'stream.set') await late.promise;
        return answer;
      });
      await stream.open();
      stream.edit();
      const saved = stream.save(webhook, 'on');
      stream[meanwhile]();
      expect(stream.store.getState()).toMatchObject({ step: { kind: 'editing', busy: true } });
      state.away = true;
      late.resolve();
      await saved;
      expect(stream.store.getState()).toMatchObject({
        step: { kind: 'secret', secret: SECRET },
        stale: { code: 'unavailable' },
      });
      stream.close();
      expect(stream.store.getState()).toEqual({ kind: 'closed' });
    }
  });

  it('shows its secret before it asks how far it is', async () => {
    const { call } = relay();
    const asked: string[] = [];
    const stream = streamOn(async (verb, params) => {
      asked.push(`${verb} ${JSON.stringify(stream.store.getState()).includes(SECRET)}`);
      return call(verb, params);
    });
    await stream.open();
    stream.edit();
    await stream.save(webhook, 'on');
    expect(asked).toEqual(['stream.get false', 'stream.set false', 'stream.get true']);
  });

  it('keeps what was told while the relay is away, and says that it may be old', async () => {
    const { state, call } = relay();
    const stream = streamOn(call);
    state.away = true;
    await stream.open();
    expect(stream.store.getState()).toMatchObject({ kind: 'failed', error: { code: 'unavailable' } });
    state.away = false;
    await stream.open();
    stream.edit();
    await stream.save({ kind: 'syslog', host: 'siem.example', port: 6514 }, 'on');
    state.away = true;
    await stream.refresh();
    expect(stream.store.getState()).toMatchObject({
      standing: { sentSeq: 3 },
      stale: { code: 'unavailable' },
    });
    state.away = false;
    await stream.refresh();
    expect(stream.store.getState()).toMatchObject({ stale: null });
  });

  it('replaces another’s change only when it was seen', async () => {
    const { state, call } = relay();
    const [mine, theirs] = [streamOn(call), streamOn(call)];
    await mine.open();
    await theirs.open();
    theirs.edit();
    await theirs.save(webhook, 'on');
    mine.edit();
    await mine.save(webhook, 'on');
    expect(mine.store.getState()).toMatchObject({
      standing: { revision: 'r1' },
      step: { kind: 'editing', problem: expect.stringContaining('Somebody changed this') },
    });
    await mine.save(webhook, 'on');
    expect(state.changes).toBe(2);
  });
});

describe('a receiver as it is typed', () => {
  it('is taken, or each of its fields says what is wrong', () => {
    const typed = { ...EMPTY_DRAFT, url: ' https://siem.example/in ' };
    expect(receiverOf(typed)).toEqual({ ok: true, receiver: webhook });
    const wrong = { ...EMPTY_DRAFT, url: 'http://siem.example', authorization: ' x' };
    expect(receiverOf(wrong)).toMatchObject({
      ok: false,
      faults: { url: expect.any(String), authorization: expect.any(String) },
    });
    const syslog = { ...EMPTY_DRAFT, kind: 'syslog', host: 'https://siem.example', port: '1e3' } as const;
    expect(receiverOf(syslog)).toMatchObject({
      ok: false,
      faults: { host: expect.any(String), port: expect.any(String) },
    });
  });
});

it('waits, sends or has delivered', () => {
  const standing = {
    receiver: shownReceiver(webhook),
    revision: 'r',
    sentSeq: 4,
    signedSeq: 5,
    failing: null,
  };
  const failing = { sinceMs: 0, trouble: 'late', tries: 2, nextTryAt: null } as const;
  expect(stateOf({ ...standing, failing }).text).toBe('Waiting, 1 event behind');
  expect(stateOf(standing).text).toBe('Sending, 1 event behind');
  expect(stateOf({ ...standing, sentSeq: 5 }).text).toBe('Delivered, nothing waits');
  for (const [sentSeq, signedSeq] of [
    [0, 0],
    [9, 5],
  ] as const)
    expect(stateOf({ ...standing, sentSeq, signedSeq }).text).toBe('The first events follow within seconds');
});
