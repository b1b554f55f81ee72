import { describe, expect, it } from 'vitest';
import { verbs } from '#protocol/control/verbs.ts';
import type { VerbName } from '#protocol/control/verbs.ts';
import { settled } from '../../testing/test-clock.ts';
import { callError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import { readTerminal } from '../../terminal/late-terminal.ts';
import type { LateTerminal } from '../../terminal/late-terminal.ts';
import { createReview, shownItems } from './review-store.ts';
import type { ReviewStore } from './review-store.ts';

const id = (prefix: string, digit: number) => `${prefix}_01HZZZZZZZZZZZZZZZZZZZZZZ${digit}`;
const tess = { userId: 'user_2VshfS2k5k2Tp3KKhbXcZ8', name: 'Tess Okafor' };

const command = (digit: number, line: string, exitCode: number) => ({
  commandId: id('cmd', digit),
  line,
  cwd: '/',
  startedAt: digit * 1000,
  finishedAt: digit * 1000 + 5,
  durationMs: 5,
  exitCode,
  source: 'integration',
  trusted: true,
  outputOffsetBytes: 0,
});
const session = (
  digit: number,
  machineName: string,
  exceptions: readonly string[],
  lines: readonly string[],
) => ({
  sessionId: id('ses', digit),
  machineId: id('mac', 1),
  machineName,
  technician: tess,
  startedAt: digit * 1000,
  endedAt: digit * 1000 + 900,
  endReason: 'closed',
  exitCode: 0,
  bytesIn: 1,
  bytesOut: 1,
  recordingSha256: '0'.repeat(64),
  commands: lines.map((line, index) => command(digit + index, line, exceptions.length)),
  interruptions: [],
  redactions: 0,
  blockedPastes: exceptions.includes('blocked_paste') ? [{ at: 1, provenance: 'other_workspace' }] : [],
  idleMs: 0,
  exceptions,
});

const night = verbs['review.open'].result.parse({
  sessions: [
    session(1, 'WEST-DC-01', [], ['uptime']),
    session(2, 'WEST-FS-01', ['failed_command', 'blocked_paste'], ['df -h', 'lpstat -t']),
    session(3, 'WEST-PBX-01', [], ['asterisk -rx reload']),
  ],
  attempts: [
    {
      attemptId: id('att', 1),
      technician: tess,
      via: 'search',
      openedAt: 5000,
      endedAt: 6000,
      dwellMs: 1000,
      machineId: null,
      machineName: null,
      queries: [{ query: 'PRIM-PRINT-01', at: 5500, resultCount: 0 }],
      zeroResults: true,
      reason: 'switched',
      orgSwitchedAt: 6000,
    },
  ],
  unfinished: [],
  keyAlerts: [],
  pastes: [],
  notes: [],
  openedAt: 1,
});

const terminal = await readTerminal();

async function opened(read: LateTerminal = terminal) {
  const asked: [VerbName, unknown][] = [];
  let isDone = 0;
  const call = ((verb: VerbName, params: { text?: string; itemId?: string }) => {
    asked.push([verb, params]);
    const results: Partial<Record<VerbName, unknown>> = {
      'review.open': night,
      'review.complete': { durationMs: 31_000, sessions: 3, exceptions: 2 },
      'review.note': {
        note: { noteId: id('not', 1), itemId: params.itemId, at: 1, by: tess, text: params.text },
      },
      'recording.read': { events: [], nextCursor: null },
      'command.search': {
        commands: [
          {
            sessionId: id('ses', 2),
            machineName: 'WEST-FS-01',
            technician: tess,
            command: command(3, 'lpstat -t', 2),
          },
        ],
        more: false,
      },
      'session.review': { ...night.sessions[1], commandsNext: null },
    };
    return Promise.resolve({ ok: true, result: results[verb] });
  }) as unknown as Call;
  const file = {
    begin: () => Promise.resolve(null),
    append: async () => {},
    end: async () => {},
    cancel: async () => {},
  };
  const review = createReview(
    call,
    () => 1000,
    file,
    async () => read,
    () => {
      isDone += 1;
    },
  );
  await review.open();
  return { review, asked, done: () => isDone };
}

const names = ({ store }: ReviewStore) =>
  shownItems(store.getState()).map((item) =>
    item.kind === 'session' ? item.session.machineName : item.kind,
  );

describe('the review of a night', () => {
  it('shows exceptions first, open, and tells the night in numbers', async () => {
    const { review } = await opened();
    expect(names(review)).toEqual(['attempt', 'WEST-FS-01', 'WEST-DC-01', 'WEST-PBX-01']);
    const { found, unfolded } = review.store.getState();
    expect(unfolded.size).toBe(2);
    expect(found).toMatchObject({
      summary: {
        sessions: 3,
        attempts: 1,
        commands: 4,
        failed: 2,
        untrusted: 0,
        pastes: 1,
        gaps: 0,
        keys: 0,
      },
    });
  });

  it('filters by kind and by words of people, machines, commands and searches', async () => {
    const { review } = await opened();
    review.show({ filter: 'exceptions' });
    expect(names(review)).toEqual(['attempt', 'WEST-FS-01']);
    review.show({ filter: 'sessions', text: 'uptime TESS' });
    expect(names(review)).toEqual(['WEST-DC-01']);
    review.show({ filter: 'all', text: 'prim-print' });
    expect(names(review)).toEqual(['attempt']);
    review.show({ filter: 'attempts', text: 'uptime' });
    expect(names(review)).toEqual([]);
  });

  it('plays from the command that was chosen in a card', async () => {
    const { review } = await opened();
    review.choose(1);
    review.stepCommand(1);
    review.stepCommand(1);
    review.stepCommand(1);
    expect(review.store.getState().command).toBe(id('cmd', 3));
    review.stepCommand(-1);
    review.play();
    await settled();
    expect(review.recordings.store.getState().playing).toMatchObject({
      kind: 'ready',
      session: { machineName: 'WEST-FS-01' },
      from: id('cmd', 2),
    });
    review.choose(0);
    expect(review.store.getState().command).toBeNull();
    review.recordings.stop();
    review.play();
    expect(review.recordings.store.getState().playing).toBeNull();
    expect(review.store.getState().hint).toBe('Only a session has a recording.');
  });

  it('says why nothing plays where the terminal cannot be read', async () => {
    const error = callError('terminal_unreadable');
    const { review, asked } = await opened({ ok: false, error });
    review.choose(1);
    review.play();
    await settled();
    expect(review.recordings.store.getState().playing).toMatchObject({ kind: 'failed', error });
    // Nor is it put on record as played.
    expect(asked.map(([verb]) => verb)).not.toContain('recording.read');
  });

  it('plays what a search found, though it lies outside the time under review', async () => {
    const { review, asked } = await opened();
    await review.search.search('lpstat');
    await review.playHit();
    await settled();
    expect(review.recordings.store.getState().playing).toMatchObject({ kind: 'ready', from: id('cmd', 3) });
    expect(asked.map(([verb]) => verb)).toEqual([
      'review.open',
      'command.search',
      'session.review',
      'recording.read',
    ]);
    expect(asked[1]).toEqual(['command.search', { query: 'lpstat', fromMs: 0, toMs: 1000, limit: 100 }]);
  });

  it('keeps a note on its card', async () => {
    const { review } = await opened();
    review.beginNote();
    await review.note('Asked Tess.');
    expect(review.store.getState()).toMatchObject({
      noting: false,
      notes: [{ itemId: id('att', 1), text: 'Asked Tess.' }],
    });
    review.beginNote();
    await review.note('  ');
    expect(review.store.getState().notes).toHaveLength(1);
  });

  it('is complete once every card was marked: exceptions one by one, clean ones at once', async () => {
    const { review, asked, done } = await opened();
    await review.complete();
    expect(review.store.getState().hint).toBe('4 not marked as reviewed yet.');
    review.markClean();
    review.show({ filter: 'sessions' });
    await review.complete();
    // What is missing is shown, whatever was filtered.
    expect(review.store.getState()).toMatchObject({
      filter: 'all',
      chosen: 0,
      hint: '2 not marked as reviewed yet.',
    });
    review.mark();
    expect(review.store.getState().chosen).toBe(1);
    review.flag();
    review.mark();
    await review.complete();
    expect(review.store.getState().completed).toMatchObject({ durationMs: 31_000 });
    expect(asked.at(-1)).toMatchObject(['review.complete', { verdict: 'follow_up' }]);
    expect(done()).toBe(1);
  });
});
