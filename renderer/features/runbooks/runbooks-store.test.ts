import { expect, it } from 'vitest';
import { RunbookId, SessionId } from '#protocol/ids.ts';
import type { Runbook } from '#protocol/records.ts';
import { callError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import { createRunbooks } from './runbooks-store.ts';

const sessionId = SessionId.parse('ses_01HZZZZZZZZZZZZZZZZZZZZZZZ');
const old: Runbook = {
  runbookId: RunbookId.parse('run_01HZZZZZZZZZZZZZZZZZZZZZZZ'),
  title: 'Restart',
  description: '',
  steps: ['lpstat {{queue}}'],
  parameters: [{ name: 'queue', description: '', default: 'main', required: true, takes: { kind: 'any' } }],
  irreversible: false,
  version: 1,
  versionSha256: 'one',
};
const other = { ...old, runbookId: RunbookId.parse('run_01HZZZZZZZZZZZZZZZZZZZZZZY'), title: 'A first one' };

/** A relay at the far end of a socket: what it holds, and what it was asked to run. */
function farRelay(held: { runbooks: Runbook[] }) {
  const asked: unknown[] = [];
  const answers: Record<string, (params: { versionSha256?: string }) => unknown> = {
    'runbook.list': () => ({ ok: true, result: { runbooks: held.runbooks } }),
    'session.shell': () => ({ ok: true, result: { shell: 'posix' } }),
    'runbook.run': (params) => {
      asked.push(params);
      return held.runbooks.some(({ versionSha256 }) => versionSha256 === params.versionSha256)
        ? { ok: true, result: {} }
        : { ok: false, error: callError('conflict') };
    },
  };
  const call = ((verb: string, params: object) =>
    Promise.resolve(answers[verb]?.(params))) as unknown as Call;
  return { call, asked };
}

it('asks for the run of exactly what is shown, and types that', async () => {
  const { call, asked } = farRelay({ runbooks: [old] });
  const runbooks = createRunbooks(call);
  await runbooks.load(sessionId);
  runbooks.fill('queue', "it's");
  const lines = [String.raw`lpstat 'it'\''s'`];
  expect(await runbooks.begin(sessionId)).toEqual({ sessionId, title: 'Restart', steps: lines });
  expect(asked).toMatchObject([{ versionSha256: 'one', lines, values: { queue: "it's" } }]);
});

it('shows the version that is there when it is another, chosen as before, and types nothing', async () => {
  const held = { runbooks: [old] };
  const { call } = farRelay(held);
  const runbooks = createRunbooks(call);
  await runbooks.load(sessionId);
  const now = { ...old, steps: ['lprm {{queue}}'], version: 2, versionSha256: 'two' };
  held.runbooks = [{ ...other, versionSha256: 'three' }, now];
  expect(await runbooks.begin(sessionId)).toBeNull();
  const { chosen, runbooks: shown, error } = runbooks.store.getState();
  expect(shown?.[chosen]).toBe(now);
  expect(error).toMatchObject({ code: 'conflict', text: expect.stringContaining('was not run') });
});
