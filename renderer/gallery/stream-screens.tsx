import type { StreamStanding } from '#protocol/stream.ts';
import { callError } from '../connection/call-error.ts';
import { StreamDialog } from '../features/stream/index.ts';
import type { StreamState } from '../features/stream/index.ts';
import { westside } from '../testing/example-frames.ts';
import { now } from './gallery-data.ts';

type Open = Extract<StreamState, { kind: 'open' }>;

const nothing = () => undefined;
const later = async () => undefined;
const actions = {
  open: later,
  edit: nothing,
  askToStop: nothing,
  back: nothing,
  save: later,
  stop: later,
  copySecret: nothing,
  close: nothing,
};

const dialog = (state: Exclude<StreamState, { kind: 'closed' }>) => (
  <StreamDialog state={state} frame={westside} actions={actions} />
);

const delivering: StreamStanding = {
  receiver: { kind: 'webhook', host: 'siem.westside-dental.example:8088', form: 'ocsf' },
  revision: '01J',
  sentSeq: 48_213,
  signedSeq: 48_213,
  failing: null,
};
const waiting: StreamStanding = {
  ...delivering,
  receiver: { kind: 'syslog', host: 'siem.westside-dental.example:6514', form: null },
  sentSeq: 47_001,
  failing: { sinceMs: now - 41 * 60_000, trouble: 'unreachable', tries: 44, nextTryAt: now + 19_000 },
};
const open = (change: Partial<Open>): Open => ({
  kind: 'open',
  standing: delivering,
  stale: null,
  step: { kind: 'standing' },
  ...change,
});

const editing = { kind: 'editing', busy: false, problem: null } as const;
const secret = `whsec_${'k7Qm'.repeat(10)}c0=`;

/** By the name of the gallery's screen. */
export const streamScreens = {
  stream: () => dialog(open({})),
  'stream-off': () => dialog(open({ standing: null })),
  'stream-webhook': () => dialog(open({ standing: null, step: editing })),
  'stream-syslog': () => dialog(open({ standing: waiting, step: editing })),
  'stream-secret': () =>
    dialog(
      open({ standing: { ...delivering, sentSeq: 48_190 }, step: { kind: 'secret', secret, copied: false } }),
    ),
  'stream-waiting': () => dialog(open({ standing: waiting })),
  'stream-refused': () =>
    dialog(open({ standing: { ...waiting, receiver: delivering.receiver, failing: refused } })),
  'stream-offline': () => dialog(open({ stale: callError('unavailable') })),
  'stream-denied': () => dialog({ kind: 'failed', error: callError('role_insufficient') }),
  'stream-stop': () => dialog(open({ step: { ...editing, kind: 'stopping' } })),
} as const;

const refused = { sinceMs: now - 130_000, trouble: 'refused', tries: 7, nextTryAt: now + 41_000 } as const;
