import { LauncherState, PasteWarning } from '#contract/window-state.ts';
import {
  KeyAlertReview,
  MachineCard,
  MachineRow,
  Runbook,
  AttemptReview,
  ReviewNote,
  SessionReview,
} from '#protocol/records.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { primary, westside } from '../testing/example-frames.ts';

/** Everything here is made up, and parsed like the real thing. */
const id = (prefix: string, tail: string) => `${prefix}_${tail.padStart(26, '0')}`;
export const now = Date.now();
const minutes = (count: number) => now - count * 60_000;

const more: readonly WorkspaceFrame[] = [
  { colour: 'violet', glyph: 'star', code: 'NHL', name: 'Northharbour Legal', emphasis: [0, 12] },
  { colour: 'rose', glyph: 'drop', code: 'STM', name: 'St. Marys Clinic', emphasis: [0, 9] },
  { colour: 'lime', glyph: 'leaf', code: 'GRN', name: 'Greenfield Schools', emphasis: [0, 10] },
  { colour: 'indigo', glyph: 'anchor', code: 'HBR', name: 'Harbour Freight & Storage', emphasis: [0, 7] },
  { colour: 'sand', glyph: 'key', code: 'KEY', name: 'Keystone Notaries', emphasis: [0, 8] },
  { colour: 'teal', glyph: 'wave', code: 'BAY', name: 'Bayside Dental Group', emphasis: [0, 7] },
];

export const launcher = LauncherState.parse({
  mode: { kind: 'open' },
  notice: null,
  workspaces: [primary, westside, ...more].map((frame, index) => ({
    orgId: `org_${'gallery'.padEnd(24, '0')}${index}`,
    frame,
    lookAlikes: index < 2 ? [index === 0 ? 'DCW' : 'DCP'] : [],
    state: index === 0 ? 'open' : index === 1 ? 'signed_out' : 'closed',
    windowNumber: index < 2 ? index + 1 : null,
    lastOpenedAt: index > 5 ? null : minutes(4 + index * index * 190),
  })),
});

const row = (name: string, hostname: string, os: string, online = true) =>
  MachineRow.parse({
    machineId: id('mac', name.replaceAll(/[^A-Z0-9]/g, '').replaceAll(/[ILOU]/g, '7')),
    name,
    hostname,
    os,
    online,
    lastSeenAt: minutes(online ? 0 : 2800),
  });

export const machines = [
  row('WEST-DC-01', 'west-dc-01.westside.example', 'Windows Server 2022'),
  row('WEST-FS-01', 'west-fs-01.westside.example', 'Windows Server 2019'),
  row('WEST-IMG-01', 'west-img-01', 'Debian 12'),
  row('WEST-PBX-01', 'west-pbx-01', 'Debian 12'),
  row('WEST-PRINT-01', 'west-print-01', 'Ubuntu 24.04', true),
  row('WEST-RCP-02', 'west-rcp-02', 'Windows 11 Pro', false),
  row('WEST-RCP-03', 'west-rcp-03', 'Windows 11 Pro'),
  row('WEST-XRAY-01', 'west-xray-01', 'Debian 11', false),
];

const tess = { userId: 'user_2VshfS2k5k2Tp3KKhbXcZ8', name: 'Tess Okafor' };
const session = (number: number, machine: MachineRow) => ({
  sessionId: id('ses', String(number)),
  machineId: machine.machineId,
  machineName: machine.name,
  technician: tess,
  startedAt: minutes(number * 400),
  endedAt: minutes(number * 400 - 6),
});

const [, , , , print] = machines;
if (print === undefined) throw new Error('the gallery has five machines');
export const card = MachineCard.parse({
  ...print,
  facts: { hostname: print.hostname, os: print.os, user: 'svc-caisey', agentVersion: '0.1.0' },
  enrolledAt: minutes(90_000),
  recentSessions: [session(1, print), session(3, print), session(7, print)],
});

const command = (number: number, line: string, exitCode: number | null, durationMs: number) => ({
  commandId: id('cmd', String(number)),
  line,
  cwd: '/home/tess',
  startedAt: minutes(410) + number * 9000,
  finishedAt: minutes(410) + number * 9000 + durationMs,
  durationMs,
  exitCode,
  source: number > 2 ? 'runbook' : 'integration',
  trusted: true,
  outputOffsetBytes: number * 40,
});

export const attempt = AttemptReview.parse({
  attemptId: id('att', '1'),
  technician: tess,
  via: 'link',
  openedAt: minutes(420),
  endedAt: minutes(418),
  dwellMs: 97_000,
  machineId: print.machineId,
  machineName: print.name,
  queries: [
    { query: 'PRIM-PRINT-01', at: minutes(419), resultCount: 0 },
    { query: 'prim-prn-01', at: minutes(418.6), resultCount: 0 },
  ],
  zeroResults: true,
  reason: 'switched',
  orgSwitchedAt: minutes(418),
});

export const note = ReviewNote.parse({
  noteId: id('not', '1'),
  itemId: attempt.attemptId,
  at: now,
  by: { ...tess, name: 'Marta Lindqvist' },
  text: 'Asked Tess: the alert’s thread was this client’s.',
});

export const sessionReview = SessionReview.parse({
  ...session(1, print),
  endReason: 'exited',
  exitCode: 0,
  bytesIn: 412,
  bytesOut: 28_114,
  recordingSha256: 'b1946ac92492d2347c6235b4d2611184b1946ac92492d2347c6235b4d2611184',
  commands: [
    command(1, 'lpstat -t', 0, 41),
    command(2, 'systemctl status cups', 3, 77),
    command(3, 'sudo systemctl stop cups', 0, 612),
    command(4, 'sudo rm -f /var/spool/cups/c*', 0, 19),
    command(5, 'sudo systemctl start cups', 0, 1380),
  ],
  interruptions: [{ at: minutes(405), gapMs: 2100 }],
  redactions: 1,
  blockedPastes: [{ at: minutes(406), provenance: 'other_workspace' }],
  idleMs: 48_000,
  exceptions: ['blocked_paste', 'failed_command'],
});

export const cleanSession = SessionReview.parse({
  ...sessionReview,
  ...session(2, print),
  commands: [command(6, 'systemctl status cups', 0, 44), command(7, 'journalctl -u cups -n 20', 0, 120)],
  blockedPastes: [],
  exceptions: [],
});

export const runbooks = [
  Runbook.parse({
    runbookId: id('run', '1'),
    title: 'Clear the print spooler',
    description: 'Stops the spooler, throws away what is stuck, starts it again and shows the queue.',
    steps: [
      'sudo systemctl stop cups',
      'sudo rm -f /var/spool/cups/c* /var/spool/cups/d*',
      'sudo systemctl start cups',
      'lpstat -t',
    ],
    version: 3,
    versionSha256: 'x',
  }),
  Runbook.parse({
    runbookId: id('run', '2'),
    title: 'Disk space report',
    description: '',
    steps: ['df -h', 'du -xh --max-depth=1 /var | sort -h | tail'],
    version: 1,
    versionSha256: 'y',
  }),
];

export const paste = PasteWarning.parse({
  reason: 'other_workspace',
  source: primary,
  target: westside,
  machine: 'WEST-PRINT-01',
  text: 'sudo systemctl stop cups\nssh prim-print-01 "sbal"\n[31mrm -rf /var/spool/cups/*\n\tlpstat -t',
  original:
    'sudo systemctl stop cups\nssh prim-print-01 \u202E"sbal"\u200B\n\u001B[31mrm -rf /var/spool/cups/*\n\tlpstat -t',
  lines: 4,
  bytes: 87,
  controlChars: 3,
});

export const keyAlert = KeyAlertReview.parse({
  machineId: card.machineId,
  machineName: card.name,
  firstAt: now - 31_000_000,
  lastAt: now - 30_700_000,
  times: 3,
  quarantined: true,
});
