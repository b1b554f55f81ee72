// The review as it is, asking a relay that is made up.
import { useEffect, useState } from 'react';
import type { VerbName, VerbResult } from '#protocol/control/verbs.ts';
import type { RecordingEvent } from '#protocol/records.ts';
import { callError } from '../connection/call-error.ts';
import type { Call } from '../connection/relay-client.ts';
import { createReview, Review } from '../features/review/index.ts';
import type { ReviewStore } from '../features/review/index.ts';
import { westside } from '../testing/example-frames.ts';
import { readTerminal } from '../terminal/late-terminal.ts';
import { attempt, cleanSession, keyAlert, note, now, sessionReview } from './gallery-data.ts';

const nothing = () => undefined;
const nowhere = {
  begin: () => Promise.resolve(null),
  append: async () => {},
  end: async () => {},
  cancel: async () => {},
};
const timers = { now: Date.now, after: (ms: number, run: () => void) => stopOf(setTimeout(run, ms)) };

function stopOf(timer: ReturnType<typeof setTimeout>): () => void {
  return () => clearTimeout(timer);
}

const PROMPT = '\u001B[1;32mtess@west-print-01\u001B[0m:\u001B[1;34m~\u001B[0m$ ';
const BLOCKS = sessionReview.commands.map(({ line }) =>
  [
    `${PROMPT}${line}\r\n`,
    '\u001B[32m●\u001B[0m cups.service - CUPS Scheduler\r\n     Active: \u001B[1;32mactive (running)\u001B[0m\r\n',
    '     Main PID: 714 (cupsd)   Tasks: 1   Memory: 3.1M\r\n',
  ].join(''),
);

function recording(): RecordingEvent[] {
  const events: RecordingEvent[] = [{ kind: 'resize', at: now, offsetBytes: 0, cols: 100, rows: 30 }];
  let offsetBytes = 0;
  for (const [index, block] of BLOCKS.entries()) {
    const bytes = new TextEncoder().encode(block);
    const data = btoa(String.fromCharCode(...bytes));
    events.push({ kind: 'output', at: now + (index + 1) * 1900, offsetBytes, data });
    offsetBytes += bytes.length;
  }
  return events;
}

const session = {
  ...sessionReview,
  commands: sessionReview.commands.map((command, index) => {
    const outputOffsetBytes = new TextEncoder().encode(BLOCKS.slice(0, index).join('')).length;
    return Object.assign({}, command, { outputOffsetBytes });
  }),
};
const tess = session.technician;

const answers: { readonly [V in VerbName]?: VerbResult<V> } = {
  'review.open': {
    sessions: [session, cleanSession],
    unfinished: [],
    attempts: [attempt],
    keyAlerts: [keyAlert],
    pastes: [],
    notes: [note],
    openedAt: now,
  },
  'session.review': { ...session, commandsNext: null },
  'recording.read': { events: recording(), nextCursor: null },
  'command.search': {
    commands: [...session.commands, ...cleanSession.commands].map((command) => ({
      sessionId: session.sessionId,
      machineName: session.machineName,
      technician: tess,
      command,
    })),
    more: false,
  },
};
/** Answers what is made up above; the rest of the relay cannot be reached. */
const call: Call = async (verb) => {
  const result: VerbResult<typeof verb> | undefined = answers[verb];
  return result === undefined ? { ok: false, error: callError('unavailable') } : { ok: true, result };
};

function Shown({ then }: { then: (review: ReviewStore) => void }) {
  const [review] = useState(() => createReview(call, Date.now, nowhere, readTerminal));
  useEffect(() => then(review), [review, then]);
  return <Review review={review} frame={westside} active timers={timers} onNextClient={nothing} />;
}

export function ReviewedNight() {
  return <Shown then={nothing} />;
}

const play = (review: ReviewStore) =>
  void review.recordings.play(session, session.commands[1]?.commandId ?? null);
export function Recording() {
  return <Shown then={play} />;
}

const find = (review: ReviewStore) => void review.search.search('cups');
export function CommandsFound() {
  return <Shown then={find} />;
}
