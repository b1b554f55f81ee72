import { describe, expect, it } from 'vitest';
import { CommandRecord } from '#protocol/records.ts';
import type { SessionException, SessionReview } from '#protocol/records.ts';
import { exceptionsOf, longestIdleMs } from './session-exceptions.ts';

const MINUTE = 60_000;

const command = (startedAt: number, change: Partial<CommandRecord> = {}) =>
  CommandRecord.parse({
    commandId: 'cmd_01HZZZZZZZZZZZZZZZZZZZZZZZ',
    line: 'true',
    cwd: '/',
    startedAt,
    finishedAt: startedAt + 1000,
    durationMs: 1000,
    exitCode: 0,
    source: 'integration',
    trusted: true,
    outputOffsetBytes: 0,
    ...change,
  });

const clean = {
  startedAt: 0,
  endedAt: 10 * MINUTE,
  endReason: 'closed',
  recordingSha256: '0'.repeat(64),
  commands: [command(MINUTE)],
  interruptions: [],
  blockedPastes: [],
} as unknown as SessionReview;

describe('a session', () => {
  it.each<[string, Partial<SessionReview>, readonly SessionException[]]>([
    ['is clean', {}, []],
    ['is clean after a short outage', { interruptions: [{ at: 1, gapMs: 10_000 }] }, []],
    ['had a long outage', { interruptions: [{ at: 1, gapMs: 10_001 }] }, ['long_gap']],
    ['had a command that failed', { commands: [command(1, { exitCode: 2 })] }, ['failed_command']],
    [
      'has a command whose end nobody told',
      { commands: [command(1, { exitCode: null, finishedAt: null })] },
      [],
    ],
    ['was not told by our shell', { commands: [command(1, { trusted: false })] }, ['untrusted_command']],
    ['had a paste stopped', { blockedPastes: [{ at: 1, provenance: 'other_workspace' }] }, ['blocked_paste']],
    ['was cut off', { endReason: 'agent_lost' }, ['odd_end']],
    ['has no recording', { recordingSha256: null }, ['no_recording']],
    ['runs still, so its recording has no hash yet', { endReason: null, recordingSha256: null }, []],
    ['stood open', { endedAt: 32 * MINUTE }, ['long_idle']],
    [
      'was busy, not idle',
      { endedAt: 60 * MINUTE, commands: [command(MINUTE, { finishedAt: 59 * MINUTE })] },
      [],
    ],
  ])('%s', (_what, change, expected) => {
    const session = { ...clean, ...change };
    expect(exceptionsOf(session, longestIdleMs(session, 100 * MINUTE))).toEqual(expected);
  });

  it('is idle between commands, before the first, after the last and while it still stands open', () => {
    const idle = (startedAts: readonly number[], endedAt: number | null) =>
      longestIdleMs({ ...clean, endedAt, commands: startedAts.map((at) => command(at)) }, 50 * MINUTE);
    expect(idle([5 * MINUTE], 6 * MINUTE)).toBe(5 * MINUTE);
    expect(idle([0, 8 * MINUTE], 9 * MINUTE)).toBe(8 * MINUTE - 1000);
    expect(idle([0], 9 * MINUTE)).toBe(9 * MINUTE - 1000);
    expect(idle([], null)).toBe(50 * MINUTE);
  });
});
