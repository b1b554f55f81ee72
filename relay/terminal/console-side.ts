// The consoles' half of a session: one stay has the keyboard, others look on. Each has one socket at a time (the
// newest), from the offset it names. Only the typist's drawing paces the machine, and only the typist is heard.
import { ConsoleToTerminal } from '#protocol/control/console-to-terminal.ts';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { ScreenPicture } from '#protocol/control/agent-to-terminal.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import { decodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import type { EntryId } from '#protocol/ids.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import type { CommandRecord } from '#protocol/records.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { bucketOf } from '../limits/token-bucket.ts';
import type { Rate } from '../limits/token-bucket.ts';
import { log, messageOf } from '../log.ts';
import { Arrivals } from './arrivals.ts';
import { ConsoleLink, refuseConsole } from './console-link.ts';
import { listen } from './listen.ts';
import type { Recorder } from './recorder.ts';
import { Seats } from './seats.ts';
import type { Seat, Viewer } from './seats.ts';
import type { SessionCommands } from './session-commands.ts';
import type { SessionStore } from './session-store.ts';
import type { Typist } from './terminal-calls.ts';

const MESSAGE_MAX_LENGTH = 4096;

export interface ConsoleSideOptions {
  readonly store: SessionStore;
  readonly recorder: Recorder;
  readonly commands: SessionCommands;
  readonly now: () => number;
  /** Messages that one socket may send. */
  readonly rate: Rate;
  readonly beatRate: Rate;
  readonly handshakeTimeoutMs: number;
  readonly agentConnected: () => boolean;
  readonly machineRoundTripMs: () => number;
  /** Answered by `screen`. */
  readonly requestScreen: () => void;
  /** Another types: where its input continues; null: `agentConnected` tells. */
  readonly newTypist: () => number | null;
  /** False: too much waits for the machine already. */
  readonly onInput: (offsetBytes: number, payload: Uint8Array, frame: Uint8Array) => boolean;
  /** The typist attached, left or has drawn more. */
  readonly onFlow: () => void;
  readonly onResized: (size: TerminalSize) => void;
}

export class ConsoleSide {
  readonly #options: ConsoleSideOptions;
  readonly #seats: Seats;
  readonly #arrivals: Arrivals;

  constructor(options: ConsoleSideOptions) {
    this.#options = options;
    this.#seats = new Seats(options.store);
    this.#arrivals = new Arrivals({
      timeoutMs: options.handshakeTimeoutMs,
      onLate: (socket) => this.#cut(socket, 'handshake_late'),
    });
  }

  /** The typist's, which paces the machine; null without one, or when it catches up from the recording. */
  get live(): ConsoleLink | null {
    const link = this.#seats.typist?.link;
    return link?.isLive === true ? link : null;
  }

  /** An admitted socket; it takes its seat with its `hello`. */
  accept(socket: WebSocket, viewer: Viewer): void {
    if (!this.#arrivals.hasRoom()) return refuseConsole(socket, 'rate_limited');
    this.#arrivals.begin(socket, viewer);
    const { rate, beatRate, now } = this.#options;
    const limits = { messages: bucketOf(rate, now), beats: bucketOf(beatRate, now) };
    listen(socket, limits, {
      text: (data) => this.#message(socket, data),
      bytes: (data) => this.#bytes(socket, data),
      flooded: () => this.#cut(socket, 'rate_limited'),
      failed: (error) => {
        const { session_id: session } = this.#options.store.record;
        log('session.console_failed', { session, error: messageOf(error) });
        this.#cut(socket, 'internal');
      },
      gone: () => this.#gone(socket),
    });
  }

  output(offsetBytes: number, payload: Uint8Array, frame: Uint8Array | null): void {
    for (const { link } of this.#seats.all()) link.forward(offsetBytes, payload, frame);
  }

  inputAck(frame: Uint8Array): void {
    this.#seats.typist?.link.sendInputAck(frame);
  }

  agentConnected(inputOffsetBytes: number): void {
    for (const { link } of this.#seats.all()) {
      link.send({ type: 'agent', state: 'connected', inputOffsetBytes });
      link.pump();
    }
  }

  agentLost(): void {
    for (const { link } of this.#seats.all()) {
      link.goWithoutScreen();
      link.send({ type: 'agent', state: 'lost' });
    }
  }

  screen(picture: ScreenPicture | null): void {
    for (const { link } of this.#seats.all()) link.screen(picture);
    this.#options.onFlow();
  }

  /** Commands as the workspace recorded them; also told again to a console that comes (back). */
  showCommands(commands: readonly CommandRecord[]): void {
    for (const command of commands) {
      this.#options.commands.put(command);
      for (const { link } of this.#seats.all()) link.send({ type: 'command', command });
    }
  }

  /** Another stay has the keyboard. The one before looks on; the same person's older console is let go. */
  handOver(typist: Typist): void {
    const { store, newTypist, onFlow } = this.#options;
    if (store.record.typist_entry === typist.entryId) return;
    const before = this.#seats.handOver(typist);
    if (before?.viewer.userId === typist.userId) {
      // All others are told below, and at once where the input goes on.
      this.#seats.leave(before);
      before.link.refuse('session_taken_over');
    }
    this.#seats.tell(this.#seats.typist === null ? null : newTypist());
    const { cols, rows } = store.record;
    before?.link.send({ type: 'size', size: { cols, rows } });
    onFlow();
  }

  /** Take the session away from a stay, or from a console of it that is about to attach. */
  detach(entryId: EntryId, code: ErrorCode): void {
    for (const socket of this.#arrivals.of(entryId)) this.#cut(socket, code);
    const seat = this.#seats.of(entryId);
    if (seat !== null) this.#refuse(seat, code);
  }

  /** The session is over; consoles are told after its last byte. */
  ended(): void {
    for (const seat of this.#seats.all()) this.#finish(seat);
  }

  /** The output is not here any more: what a console has not read by now it finds in the recording. */
  closeAll(): void {
    for (const socket of this.#arrivals.all()) this.#cut(socket, 'session_ended');
    for (const seat of this.#seats.all()) this.#refuse(seat, 'session_ended');
  }

  #message(socket: WebSocket, data: string): void {
    if (data.length > MESSAGE_MAX_LENGTH) return this.#cut(socket, 'message_too_large');
    const parsed = parseMessage(ConsoleToTerminal, data);
    if (!parsed.ok) return this.#cut(socket, 'message_invalid');
    const { message } = parsed;
    if (message.type === 'hello') return this.#hello(socket, message);
    const seat = this.#seats.at(socket);
    if (seat === null || !this.#seats.types(seat)) return;
    if (this.#seats.hears(seat, message.turn)) this.#resize(message.size);
  }

  #hello(socket: WebSocket, hello: Extract<ConsoleToTerminal, { type: 'hello' }>): void {
    const { recorder, store, commands, now, agentConnected, machineRoundTripMs, newTypist, onFlow } =
      this.#options;
    const waited = this.#arrivals.done(socket);
    if (waited === null) return this.#cut(socket, 'message_invalid');
    const { viewer, arrival } = waited;
    if (hello.protocolVersion !== PROTOCOL_VERSION) return this.#cut(socket, 'version_unsupported');
    const types = viewer.mayType && viewer.entryId === store.record.typist_entry;
    if (hello.mode === 'type' && !types) {
      return this.#cut(socket, viewer.mayType ? 'session_taken_over' : 'role_insufficient');
    }
    const older = this.#seats.of(viewer.entryId);
    // Its console has given this socket up for the one that came after it, and its words are late.
    if (older !== null && older.arrival > arrival) return this.#cut(socket, 'session_taken_over');
    if (older !== null) this.#refuse(older, 'session_taken_over');
    if (!this.#seats.hasRoom(types)) return this.#cut(socket, 'rate_limited');
    const link = new ConsoleLink(socket, recorder, {
      haveBytes: hello.outputOffsetBytes,
      takesScreen: hello.takesScreen,
      requestScreen: () => this.#askForScreen(),
      now,
      machineRoundTripMs,
      stalled: () => this.#cut(socket, 'reader_stalled'),
    });
    const { input_offset: confirmedBytes, cols, rows, typist_turn: turn } = store.record;
    const typed = hello.resumesInput && hello.mode === 'type';
    const mustHear = typed && (hello.turn ?? turn) !== turn;
    const seat = this.#seats.take(socket, { link, viewer, arrival, mustHear });
    const isNew = types && (!typed || mustHear);
    const newAt = isNew ? newTypist() : null;
    link.send({
      type: 'ready',
      outputOffsetBytes: hello.outputOffsetBytes,
      inputOffsetBytes: newAt ?? confirmedBytes,
      // Until it is known where its input continues, a new typist's waits as if the machine were away.
      agent: agentConnected() && (newAt !== null || !isNew) ? 'connected' : 'lost',
    });
    this.#seats.tell(newAt);
    for (const command of commands.newest()) link.send({ type: 'command', command });
    if (types) this.#resize(hello.size);
    else link.send({ type: 'size', size: { cols, rows } });
    link.pump();
    onFlow();
    this.#finish(seat);
  }

  #askForScreen(): boolean {
    const { agentConnected, requestScreen, store } = this.#options;
    if (!agentConnected() || store.record.ended_at !== null) return false;
    requestScreen();
    return true;
  }

  #resize(size: TerminalSize): void {
    const { recorder, store, onResized } = this.#options;
    const { cols, rows, ended_at } = store.record;
    if (ended_at !== null || (cols === size.cols && rows === size.rows)) return;
    store.update({ cols: size.cols, rows: size.rows });
    recorder.resized(size);
    onResized(size);
    for (const seat of this.#seats.all()) {
      if (!this.#seats.types(seat)) seat.link.send({ type: 'size', size });
    }
  }

  #bytes(socket: WebSocket, bytes: Uint8Array): void {
    const seat = this.#seats.at(socket);
    if (seat === null) return this.#cut(socket, 'frame_invalid');
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return this.#cut(socket, 'frame_invalid');
    const { frame } = decoded;
    if (frame.kind === FrameKind.input)
      return this.#input(socket, seat, frame.offsetBytes, frame.payload, bytes);
    if (frame.kind !== FrameKind.outputAck) return this.#cut(socket, 'frame_invalid');
    if (seat.link.isStalled) return this.#cut(socket, 'reader_stalled');
    if (!seat.link.acknowledged(frame.offsetBytes)) return this.#cut(socket, 'frame_invalid');
    this.#options.onFlow();
    this.#finish(seat);
  }

  #input(socket: WebSocket, seat: Seat, offsetBytes: number, payload: Uint8Array, frame: Uint8Array): void {
    if (this.#seats.types(seat)) {
      if (seat.mustHear) return;
      if (!this.#options.onInput(offsetBytes, payload, frame)) this.#cut(socket, 'rate_limited');
      return;
    }
    // Typed before it heard that the keyboard is another's. Nothing that only looks on has typed at all.
    if (!seat.viewer.mayType) this.#cut(socket, 'role_insufficient');
  }

  #finish(seat: Seat): void {
    const { store, recorder } = this.#options;
    const { ended_at, end_reason, exit_code } = store.record;
    const { link } = seat;
    if (ended_at === null || end_reason === null) return;
    link.goWithoutScreen();
    if (link.sentBytes < recorder.receivedBytes) return;
    this.#seats.leave(seat);
    link.send({
      type: 'ended',
      reason: end_reason,
      exitCode: exit_code,
      outputEndBytes: recorder.receivedBytes,
    });
    link.finish();
  }

  #refuse(seat: Seat, code: ErrorCode): void {
    this.#seats.leave(seat);
    seat.link.refuse(code);
    this.#left();
  }

  #gone(socket: WebSocket): void {
    this.#arrivals.done(socket);
    const seat = this.#seats.at(socket);
    if (seat === null) return;
    this.#seats.leave(seat);
    this.#left();
  }

  #left(): void {
    this.#seats.tell(null);
    this.#options.onFlow();
  }

  #cut(socket: WebSocket, code: ErrorCode): void {
    refuseConsole(socket, code);
    this.#gone(socket);
  }
}
