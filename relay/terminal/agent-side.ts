// The agent's half of a session: its socket, the order of its output, its credit.
import { AgentToTerminal } from '#protocol/control/agent-to-terminal.ts';
import type { ScreenPicture } from '#protocol/control/agent-to-terminal.ts';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import { errors } from '#protocol/errors.ts';
import { decodeFrame, FrameKind, unseenPart } from '#protocol/frame/frame.ts';
import type { Frame } from '#protocol/frame/frame.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { Handshakes } from '../limits/handshakes.ts';
import { SOCKETS } from '../limits/limits.ts';
import { bucketOf } from '../limits/token-bucket.ts';
import type { Rate } from '../limits/token-bucket.ts';
import { log, messageOf } from '../log.ts';
import { AgentFacts } from './agent-facts.ts';
import type { AgentFactsOptions } from './agent-facts.ts';
import { AgentLink } from './agent-link.ts';
import type { OutputOffsets } from './flow.ts';
import { listen } from './listen.ts';
import { SilenceWatch } from './silence-watch.ts';

/** A screen's picture is the longest. */
const MESSAGE_MAX_LENGTH = 512 * 1024;
/** Sockets have no backpressure in workerd: what nobody reads would pile up here. */
const INPUT_IN_FLIGHT_MAX_BYTES = 2 * 1024 * 1024;

export interface AgentSideOptions extends AgentFactsOptions {
  /** Messages that its socket may send. */
  readonly rate: Rate;
  readonly beatRate: Rate;
  readonly handshakeTimeoutMs: number;
  /** New output, already with the recorder; `frame` holds it as it came when all of it is new. */
  readonly onOutput: (offsetBytes: number, payload: Uint8Array, frame: Uint8Array | null) => void;
  /** Null: the screen cannot be told. */
  readonly onScreen: (picture: ScreenPicture | null) => void;
  readonly onConnected: (inputBytes: number) => void;
  readonly onInputAck: (frame: Uint8Array) => void;
  readonly onLost: () => void;
  /** Output is gone that the agent no longer holds and the recording never had. */
  readonly onMissing: () => void;
  /** The recording takes no more output. */
  readonly onFull: () => void;
}

export class AgentSide {
  readonly #options: AgentSideOptions;
  readonly #handshakes: Handshakes;
  readonly #facts: AgentFacts;
  #link: AgentLink | null = null;

  constructor(options: AgentSideOptions) {
    this.#options = options;
    this.#facts = new AgentFacts(options);
    this.#handshakes = new Handshakes({
      timeoutMs: options.handshakeTimeoutMs,
      maxWaiting: SOCKETS.waitingTerminals,
      onLate: (socket) => this.#cut(socket, 'handshake_late'),
    });
  }

  get connected(): boolean {
    return this.#link !== null;
  }

  /** 0 while it is not known. */
  get roundTripMs(): number {
    return this.#link?.roundTripMs ?? 0;
  }

  /** A socket with a good ticket; it takes over with its `hello`. */
  accept(socket: WebSocket): void {
    if (!this.#handshakes.hasRoom()) return this.#cut(socket, 'rate_limited');
    this.#handshakes.begin(socket);
    const { rate, beatRate, now } = this.#options;
    // The network took it and told nobody, or the machine lost its power.
    const watch = new SilenceWatch({ now, after, silent: () => this.#cut(socket, 'unavailable') });
    const limits = { messages: bucketOf(rate, now), beats: bucketOf(beatRate, now) };
    listen(socket, limits, {
      heard: () => watch.heard(),
      text: (data) => this.#message(socket, data, watch),
      bytes: (data) => this.#bytes(socket, data),
      flooded: () => this.#cut(socket, 'rate_limited'),
      failed: (error) => {
        const { session_id: session } = this.#options.store.record;
        log('session.agent_failed', { session, error: messageOf(error) });
        this.#cut(socket, 'internal');
      },
      gone: () => {
        watch.stop();
        this.#gone(socket);
      },
    });
  }

  /**
   * Another types from here on: what the one before typed and no program has read is forgotten.
   * @returns where input continues; null: `onConnected` will tell
   */
  newTypist(): number | null {
    const { input_offset: confirmedBytes } = this.#options.store.record;
    const link = this.#link;
    if (link === null) return null;
    if (link.inputInFlight(confirmedBytes) <= 0) return confirmedBytes;
    link.discardInput();
    return null;
  }

  /** Grant and free what the offsets allow; the end of the output may complete the exit. */
  flow(offsets: OutputOffsets): void {
    this.#link?.update(offsets, this.#options.recorder.receivedBytes);
    this.#facts.outputCommitted();
  }

  /** False when the machine does not take its input: more than 2 MB are waiting for it. */
  input(offsetBytes: number, payload: Uint8Array, frame: Uint8Array): boolean {
    const link = this.#link;
    if (link === null) return true;
    if (link.inputInFlight(this.#options.store.record.input_offset) > INPUT_IN_FLIGHT_MAX_BYTES) return false;
    link.input(offsetBytes, payload, frame);
    return true;
  }

  resize(size: TerminalSize): void {
    this.#link?.send({ type: 'resize', size });
  }

  /** Answered by `onScreen`, with what the agent has sent by then. */
  requestScreen(): void {
    this.#link?.requestScreen();
  }

  requestEnd(): void {
    this.#link?.send({ type: 'close' });
  }

  /**
   * The session is over: all is recorded, so all may be forgotten; who has not exited is told to. Nothing is heard of
   * the agent from here on: what came later would be in no record that was signed.
   */
  ended(): void {
    const link = this.#link;
    if (link === null) return;
    this.#link = null;
    const { exitSeq } = this.#facts;
    if (exitSeq === null) link.send({ type: 'close' });
    else {
      link.free(this.#options.recorder.committedBytes);
      this.#facts.stored(exitSeq);
      link.send({ type: 'fact.ack', factSeq: exitSeq });
    }
    link.close('session_ended');
  }

  #message(socket: WebSocket, data: string, watch: SilenceWatch): void {
    if (data.length > MESSAGE_MAX_LENGTH) return this.#cut(socket, 'message_too_large');
    const parsed = parseMessage(AgentToTerminal, data);
    if (!parsed.ok) return this.#cut(socket, 'message_invalid');
    const { message } = parsed;
    if (message.type === 'hello') {
      if (message.beats) watch.begin();
      return this.#hello(socket, message);
    }
    if (this.#link?.isSocket(socket) !== true) return this.#cut(socket, 'message_invalid');
    if (message.type === 'input.at') {
      if (message.inputOffsetBytes > this.#link.inputBytes) return this.#cut(socket, 'message_invalid');
      if (!this.#link.inputAt(message.inputOffsetBytes)) return;
      this.#options.store.noteInput(message.inputOffsetBytes);
      return this.#options.onConnected(message.inputOffsetBytes);
    }
    if (message.type === 'screen') {
      if (!this.#link.takeScreen()) return this.#cut(socket, 'message_invalid');
      return this.#options.onScreen(message.picture);
    }
    const taken = this.#facts.take(message.factSeq, message.fact);
    if (taken.state === 'refused') return this.#cut(socket, taken.code);
    if (taken.state === 'stored') this.#link?.send({ type: 'fact.ack', factSeq: taken.factSeq });
  }

  #hello(socket: WebSocket, hello: Extract<AgentToTerminal, { type: 'hello' }>): void {
    const { store, recorder, now, report } = this.#options;
    if (!this.#handshakes.done(socket)) return this.#cut(socket, 'message_invalid');
    if (hello.protocolVersion !== PROTOCOL_VERSION) return this.#cut(socket, 'version_unsupported');
    const before = store.record;
    if (before.ended_at !== null) return this.#cut(socket, 'session_ended');
    // What the agent gave up was committed here, unless this object's storage was lost or tampered with.
    if (hello.outputStartBytes > recorder.receivedBytes || hello.outputEndBytes < recorder.receivedBytes) {
      log('session.output_missing', { session: before.session_id });
      this.#options.onMissing();
      return this.#cut(socket, 'recording_failed');
    }
    this.#link?.close('unavailable');
    const link = new AgentLink(socket, hello.inputOffsetBytes, now);
    this.#link = link;
    this.#facts.restart();
    store.update({
      agent: 'connected',
      lost_at: null,
      input_offset: Math.max(before.input_offset, hello.inputOffsetBytes),
    });
    const after = store.record;
    if (before.lost_at !== null) {
      report({
        opId: `${after.session_id}:resumed:${after.cuts}`,
        type: 'resumed',
        bytesIn: after.input_offset,
        bytesOut: recorder.receivedBytes,
        gapMs: Math.max(0, now() - before.lost_at),
      });
    }
    link.send({ type: 'welcome', outputOffsetBytes: recorder.receivedBytes, factSeq: after.fact_seq });
    link.send({ type: 'resize', size: { cols: after.cols, rows: after.rows } });
    if (after.end_requested !== null) link.send({ type: 'close' });
    this.#options.onConnected(hello.inputOffsetBytes);
  }

  #bytes(socket: WebSocket, bytes: Uint8Array): void {
    if (this.#link?.isSocket(socket) !== true) return this.#cut(socket, 'frame_invalid');
    // It confirms, or goes on printing, and does not read what that has us send.
    if (this.#link.isStalled) return this.#cut(socket, 'reader_stalled');
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return this.#cut(socket, 'frame_invalid');
    const { frame } = decoded;
    if (frame.kind === FrameKind.output) return this.#output(socket, this.#link, frame, bytes);
    if (frame.kind !== FrameKind.inputAck || frame.offsetBytes > this.#link.inputBytes)
      return this.#cut(socket, 'frame_invalid');
    this.#link.inputConfirmed(frame.offsetBytes);
    this.#options.store.noteInput(frame.offsetBytes);
    if (!this.#link.discardsInput) this.#options.onInputAck(bytes);
  }

  #output(socket: WebSocket, link: AgentLink, frame: Frame, bytes: Uint8Array): void {
    const { recorder, onOutput, onFull } = this.#options;
    const offsetBytes = recorder.receivedBytes;
    const part = unseenPart(offsetBytes, frame.offsetBytes, frame.payload);
    if (part.state === 'duplicate') return;
    // Bytes are missing: a new socket begins where this side really is.
    if (part.state === 'gap') return this.#cut(socket, 'unavailable');
    if (offsetBytes + part.payload.length > link.creditBytes) return this.#cut(socket, 'frame_invalid');
    // What it has no room for is shown to nobody.
    const payload = part.payload.subarray(0, recorder.roomBytes);
    if (payload.length > 0) {
      recorder.append(payload);
      onOutput(offsetBytes, payload, payload.length === frame.payload.length ? bytes : null);
    }
    if (recorder.roomBytes === 0) onFull();
  }

  #cut(socket: WebSocket, code: ErrorCode): void {
    socket.close(errors[code].closeCode, code);
    this.#gone(socket);
  }

  #gone(socket: WebSocket): void {
    this.#handshakes.done(socket);
    if (this.#link?.isSocket(socket) !== true) return;
    this.#link = null;
    this.#options.onLost();
  }
}

function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
