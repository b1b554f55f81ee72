import { expect, it } from 'vitest';
import type { VerbParams } from '#protocol/control/verbs.ts';
import { verbs } from '#protocol/control/verbs.ts';
import type { Call } from '../../connection/relay-client.ts';
import { callError } from '../../connection/call-error.ts';
import { wholeSessions } from './whole-sessions.ts';

const PART = 3;
const ids = ['ses_01HZZZZZZZZZZZZZZZZZZZZZZ1', 'ses_01HZZZZZZZZZZZZZZZZZZZZZZ2'];
const all = Array.from({ length: 10 }, (_, index) => ({
  commandId: `cmd_01HZZZZZZZZZZZZZZZZZZZZZZ${index}`,
  line: `step ${index}`,
  cwd: '/',
  startedAt: index,
  finishedAt: index,
  durationMs: 0,
  exitCode: 0,
  source: 'integration',
  trusted: true,
  outputOffsetBytes: 0,
  outputEndBytes: 0,
}));
const session = (sessionId: string | undefined, commands: readonly unknown[]) => ({
  sessionId,
  machineId: 'mac_01HZZZZZZZZZZZZZZZZZZZZZZZ',
  machineName: 'WEST-FS-01',
  technician: { userId: 'user_2techtechtechtechtech', name: 'Tess' },
  startedAt: 0,
  endedAt: 10,
  endReason: 'closed',
  exitCode: 0,
  bytesIn: 0,
  bytesOut: 0,
  recordingSha256: '0'.repeat(64),
  commands,
  interruptions: [],
  redactions: 0,
  blockedPastes: [],
  idleMs: 0,
  exceptions: [],
});
const night = verbs['review.open'].result.parse({
  sessions: [session(ids[0], all.slice(0, 2)), session(ids[1], [])],
  unfinished: [
    { sessionId: ids[0], commandsFrom: 2 },
    { sessionId: ids[1], commandsFrom: 0 },
  ],
  attempts: [],
  keyAlerts: [],
  pastes: [],
  notes: [],
  openedAt: 1,
});
const relay = ((_verb: string, { sessionId, commandsFrom = 0 }: VerbParams<'session.review'>) => {
  const to = commandsFrom + PART;
  const result = {
    ...session(sessionId, all.slice(commandsFrom, to)),
    commandsNext: to < all.length ? to : null,
  };
  return Promise.resolve({ ok: true, result });
}) as unknown as Call;

it('puts the commands of every session together, part by part', async () => {
  const whole = await wholeSessions(relay, night);
  if (!whole.ok) throw new Error(whole.error.code);
  expect(whole.result.map(({ sessionId }) => sessionId)).toEqual(ids);
  for (const { commands } of whole.result) expect(commands).toEqual(all);
});

it('says why not when a part is refused', async () => {
  const refused = (() => Promise.resolve({ ok: false, error: callError('unavailable') })) as unknown as Call;
  expect(await wholeSessions(refused, night)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
});
