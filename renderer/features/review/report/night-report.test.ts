import { describe, expect, it } from 'vitest';
import { AttemptId, CommandId, MachineId, NoteId, SessionId, UserId } from '#protocol/ids.ts';
import type { SessionReview } from '#protocol/records.ts';
import { reviewItems } from '../review-item.ts';
import { summaryOf } from '../review-filter.ts';
import { nightReport } from './night-report.ts';
import { spanText, zoneText } from './report-time.ts';
import { westside } from '../../../testing/example-frames.ts';

const at = Date.UTC(2026, 10, 24, 2, 4);
const id = '01HZZZZZZZZZZZZZZZZZZZZZZZ';
const technician = { userId: UserId.parse(`user_${'t'.repeat(27)}`), name: 'Tess <Technician>' };
const hostile = `</code><script>alert(1)</script><img src=x onerror=alert(2)> & "it's"\u202Egnp`;
const session: SessionReview = {
  sessionId: SessionId.parse(`ses_${id}`),
  machineId: MachineId.parse(`mac_${id}`),
  machineName: 'WEST-PRINT-01',
  technician,
  startedAt: at,
  endedAt: at + 60_000,
  endReason: 'closed',
  exitCode: null,
  bytesIn: 5,
  bytesOut: 2048,
  recordingSha256: 'a'.repeat(64),
  commands: [
    {
      commandId: CommandId.parse(`cmd_${id}`),
      line: hostile,
      cwd: '/srv',
      startedAt: at,
      finishedAt: at + 5,
      durationMs: 5,
      exitCode: 3,
      source: 'integration',
      trusted: false,
      outputOffsetBytes: 0,
      outputEndBytes: null,
    },
  ],
  interruptions: [],
  redactions: 0,
  blockedPastes: [],
  idleMs: 0,
  exceptions: ['failed_command', 'untrusted_command'],
};
const attempt = {
  attemptId: AttemptId.parse(`att_${id}`),
  technician,
  via: 'search' as const,
  openedAt: at,
  endedAt: at + 9000,
  dwellMs: 9000,
  machineId: null,
  machineName: null,
  queries: [{ query: 'PRIM-PRINT-01', at, resultCount: 0 }],
  zeroResults: true,
  reason: 'switched' as const,
  orgSwitchedAt: at + 9000,
};

const notes = [
  {
    noteId: NoteId.parse(`not_${id}`),
    itemId: attempt.attemptId,
    at,
    by: technician,
    text: 'Asked: a slip.',
  },
];
const checkpoint = { origin: 'caisey.audit/x', size: 1042, root: new Uint8Array(32), signedAt: at };

const reportOf = (found: Parameters<typeof reviewItems>[0]) => {
  const night = { items: reviewItems(found), summary: summaryOf(found), notes, madeAt: at, checkpoint };
  return [...nightReport({ client: westside, range: { fromMs: at, toMs: at + 60_000 }, ...night })].join('');
};

describe('a night on paper', () => {
  it('tells attempts before sessions, with what was sought and what ran', () => {
    const page = reportOf({ sessions: [session], attempts: [attempt], keyAlerts: [], pastes: [] });
    const order = [
      'DentalCare_<b>Westside</b>',
      '1,042',
      'Attempts and alarms',
      'Switched to another client',
      'PRIM-PRINT-01',
      'Asked: a slip.',
      'deserve a look',
      'WEST-PRINT-01',
      'not reported by our shell',
      'Clean sessions',
      'prove nothing',
    ];
    const places = order.map((word) => page.indexOf(word));
    expect(places).toEqual([...places].sort((one, other) => one - other));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('shows what a machine reported as text, whatever it is', () => {
    const page = reportOf({ sessions: [session], attempts: [], keyAlerts: [], pastes: [] });
    expect(page).toContain('&lt;/code&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('Tess &lt;Technician&gt;');
    expect(page).not.toMatch(/<(?:script|img|iframe|link)|\u202E/u);
    const document = new DOMParser().parseFromString(page, 'text/html');
    expect(document.querySelector('td code')?.textContent).toBe(hostile.replace('\u202E', '\uFFFD'));
  });
});

it('says of which zone its times are', () => {
  expect(zoneText(at, at + 60_000)).toMatch(
    /^Times are .*UTC.*\. In UTC this is 2026-11-24T02:04Z to 2026-11-24T02:05Z\.$/,
  );
  expect(spanText(at, null)).toMatch(/ – still open$/);
  expect(spanText(at, at + 60_000).match(/24 Nov/g)).toHaveLength(1);
  expect(spanText(at, at + 86_400_000)).toContain('25 Nov');
});
