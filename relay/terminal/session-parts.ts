// A session's parts, and which of them hears what of the others. How it is reached, by calls, sockets and the clock, is
// in terminal-session.ts.
import { nameOfSession, workspaceOf } from '../auth/routing.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';
import { readConfig } from '../config.ts';
import type { Env } from '../config.ts';
import { scaledRates } from '../limits/limits.ts';
import { log, messageOf } from '../log.ts';
import { RecordingArchive } from '../recordings/recording-archive.ts';
import { RecordingMove } from '../recordings/recording-move.ts';
import { recordingStoreOf } from '../recordings/recording-store.ts';
import { putDueOnce } from '../storage/due.ts';
import { AgentSide } from './agent-side.ts';
import { ConsoleSide } from './console-side.ts';
import { windowFor } from './credit-window.ts';
import { Outbox } from './outbox.ts';
import { Recorder } from './recorder.ts';
import { SessionCommands } from './session-commands.ts';
import { SessionEnd } from './session-end.ts';
import type { SessionReport } from './session-report.ts';
import { SessionStore } from './session-store.ts';
import { TypingNote } from './typing-note.ts';

const DELIVER_AGAIN_MS = 1000;

/** The object that the session lives in. */
export interface SessionSurroundings {
  readonly storage: DurableObjectStorage;
  readonly env: Env;
  /** Throws before the first call. */
  readonly org: () => VerifiedOrg;
  /** The object stays for it. It does not reject. */
  readonly background: (work: Promise<void>) => void;
  /** A row was put into `due`. */
  readonly onDue: () => void;
}

export interface SessionParts {
  readonly store: SessionStore;
  readonly recorder: Recorder;
  readonly archive: RecordingArchive;
  readonly move: RecordingMove;
  readonly commands: SessionCommands;
  readonly outbox: Outbox;
  readonly agent: AgentSide;
  readonly consoles: ConsoleSide;
  readonly ending: SessionEnd;
  /** Tell the workspace what is in the outbox, now or, where it cannot be reached, when it is due again. */
  readonly deliver: () => void;
  readonly log: typeof log;
}

export function sessionParts({ storage, env, org, background, onDue }: SessionSurroundings): SessionParts {
  const { sql } = storage;
  const now = (): number => Date.now();
  const workspace = () => workspaceOf(env, org());
  const { rateLimitScale, handshakeTimeoutMs, recordingMaxBytes } = readConfig(env);
  const rates = scaledRates(rateLimitScale);

  const store = new SessionStore(sql);
  const recorder = new Recorder({
    storage,
    maxBytes: recordingMaxBytes,
    now,
    onCommitted: () => {
      store.writeInput();
      flow();
    },
    onFailed: (error) => {
      logOfSession('session.recording_failed', { error: messageOf(error) });
      ending.finalize('recording_failed', null);
    },
  });
  const archive = new RecordingArchive({
    sql,
    store: recordingStoreOf(env),
    folder: () => {
      const { machine_id: machineId, session_id: sessionId } = store.record;
      return nameOfSession(org(), machineId, sessionId);
    },
  });
  const move = new RecordingMove({
    sql,
    archive,
    now,
    keptMs: () => readConfig(env).recordingKeptMs,
    onReleased: () => consoles.closeAll(),
    onDamaged: () => logOfSession('recording.damaged'),
  });
  const commands = new SessionCommands(sql);
  const outbox = new Outbox({
    sql,
    deliver: (reports) => workspace().recordSession(org(), store.record.session_id, reports),
    onCommands: (recorded) => consoles.showCommands(recorded),
  });
  const agent = new AgentSide({
    store,
    recorder,
    now,
    rate: rates.terminalAgent,
    beatRate: rates.terminalBeats,
    factRate: rates.terminalFacts,
    handshakeTimeoutMs,
    report,
    onOutput: (offsetBytes, payload, frame) => {
      consoles.output(offsetBytes, payload, frame);
      flow();
    },
    onScreen: (picture) => consoles.screen(picture),
    onConnected: (inputBytes) => {
      ending.agentFound();
      consoles.agentConnected(inputBytes);
      flow();
    },
    onInputAck: (frame) => consoles.inputAck(frame),
    onExited: (exitCode) => ending.exited(exitCode),
    onLost: () => ending.agentLost(),
    onMissing: () => ending.finalize('recording_failed', null),
    onFull: () => {
      logOfSession('session.recording_full', { bytes: recordingMaxBytes });
      ending.finalize('recording_full', null);
    },
  });
  const typing = new TypingNote({
    now,
    note: () => {
      const noted = workspace()
        .noteInput(org(), store.record.session_id)
        .catch((error: unknown) => logOfSession('session.input_not_noted', { error: messageOf(error) }));
      background(noted);
    },
  });
  const consoles = new ConsoleSide({
    store,
    recorder,
    commands,
    now,
    rate: rates.terminalConsole,
    beatRate: rates.terminalBeats,
    handshakeTimeoutMs,
    agentConnected: () => agent.connected,
    machineRoundTripMs: () => agent.roundTripMs,
    requestScreen: () => agent.requestScreen(),
    newTypist: () => agent.newTypist(),
    onInput: (offsetBytes, payload, frame) => {
      typing.heard(payload);
      return agent.input(offsetBytes, payload, frame);
    },
    onFlow: flow,
    onResized: (size) => agent.resize(size),
  });
  const ending = new SessionEnd({
    storage,
    store,
    recorder,
    move,
    outbox,
    agent,
    consoles,
    now,
    usualGraceMs: () => readConfig(env).sessionGraceMs,
    policyGraceMs: () => workspace().sessionGraceMs(org()),
    onWork: () => {
      deliver();
      onDue();
    },
  });

  function flow(): void {
    const { live } = consoles;
    agent.flow({
      committedBytes: recorder.committedBytes,
      consoleAckBytes: live?.ackBytes ?? null,
      windowBytes: live?.windowBytes ?? windowFor(agent.roundTripMs),
    });
  }

  function report(told: SessionReport): void {
    outbox.put(told);
    deliver();
  }

  function deliver(): void {
    const done = outbox.drain().catch((error: unknown) => {
      logOfSession('session.report_failed', { error: messageOf(error) });
      putDueOnce(sql, 'deliver', now() + DELIVER_AGAIN_MS, 'deliver', '');
      onDue();
    });
    background(done);
  }

  function logOfSession(event: string, fields: Parameters<typeof log>[1] = {}): void {
    log(event, { session: store.record.session_id, ...fields });
  }

  return {
    store,
    recorder,
    archive,
    move,
    commands,
    outbox,
    agent,
    consoles,
    ending,
    deliver,
    log: logOfSession,
  };
}
