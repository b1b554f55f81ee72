// The console's half of a session: one socket at a time (the newest), from the offset it names.
import { ConsoleToTerminal } from '#protocol/control/console-to-terminal.ts';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { ScreenPicture } from '#protocol/control/agent-to-terminal.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import { decodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import { CommandRecord } from '#protocol/records.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { Handshakes } from '../limits/handshakes.ts';
import { SOCKETS } from '../limits/limits.ts';
import { TokenBucket } from '../limits/token-bucket.ts';
import type { Rate } from '../limits/token-bucket.ts';
import { log, messageOf } from '../log.ts';
import { ConsoleLink, refuseConsole } from './console-link.ts';
import { listen } from './listen.ts';
import type { Recorder } from './recorder.ts';
import type { SessionStore } from './session-record.ts';

const MESSAGE_MAX_LENGTH = 4096;
const COMMANDS_REPEATED = 500;

export interface ConsoleSideOptions {
  readonly sql: SqlStorage;
  readonly store: SessionStore;
  readonly recorder: Recorder;
  readonly now: () => number;
  /** Messages that one socket may send. */
  readonly rate: Rate;
  readonly handshakeTimeoutMs: number;
  readonly agentConnected: () => boolean;
  /** Answered by `screen`. */
  readonly requestScreen: () => void;
  /** False: too much waits for the machine already. */
  readonly onInput: (offsetBytes: number, payload: Uint8Array, frame: Uint8Array) => boolean;
  /** The console attached, left or has drawn more. */
  readonly onFlow: () => void;
  readonly onResized: (size: TerminalSize) => void;
}

export class ConsoleSide {
  readonly #options: ConsoleSideOptions;
  #link: ConsoleLink | null = null;
  /** Sockets that have not said `hello` yet. */
  readonly #handshakes: Handshakes;

  constructor(options: ConsoleSideOptions) {
    this.#options = options;
    this.#handshakes = new Handshakes({
      timeoutMs: options.handshakeTimeoutMs,
      maxWaiting: SOCKETS.waitingTerminals,
      onLate: (socket) => this.#cut(socket, 'handshake_late'),
    });
  }

  /** Output drawn by the attached console; null without one, or when it catches up from the recording. */
  get ackBytes(): number | null {
    return this.#link?.isLive === true ? this.#link.ackBytes : null;
  }

  /** An admitted socket; it takes over with its `hello`. */
  accept(socket: WebSocket): void {
    if (!this.#handshakes.hasRoom()) return refuseConsole(socket, 'rate_limited');
    this.#handshakes.begin(socket);
    const { burst, perSecond } = this.#options.rate;
    listen(socket, new TokenBucket(burst, perSecond, this.#options.now), {
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
    this.#link?.forward(offsetBytes, payload, frame);
  }

  inputAck(frame: Uint8Array): void {
    this.#link?.sendFrame(frame);
  }

  agentConnected(inputOffsetBytes: number): void {
    this.#link?.send({ type: 'agent', state: 'connected', inputOffsetBytes });
    this.#link?.pump();
  }

  screen(picture: ScreenPicture | null): void {
    this.#link?.screen(picture);
    this.#options.onFlow();
  }

  agentLost(): void {
    this.#link?.goWithoutScreen();
    this.#link?.send({ type: 'agent', state: 'lost' });
  }

  /** Commands as the workspace recorded them; also repeated to a console that comes (back). */
  showCommands(commands: readonly CommandRecord[]): void {
    for (const command of commands) {
      this.#options.sql.exec(
        `INSERT INTO commands (command_id, started_at, json) VALUES (?, ?, ?)
         ON CONFLICT (command_id) DO UPDATE SET json = excluded.json`,
        command.commandId,
        command.startedAt,
        JSON.stringify(command),
      );
      this.#link?.send({ type: 'command', command });
    }
  }

  /** Take the session away from the console, or from one that is about to attach. */
  refuse(code: ErrorCode): void {
    for (const socket of this.#handshakes.sockets()) this.#cut(socket, code);
    const link = this.#link;
    this.#link = null;
    link?.refuse(code);
    if (link !== null) this.#options.onFlow();
  }

  /** The session is over; the console is told after its last byte. */
  ended(): void {
    this.#finish();
  }

  #message(socket: WebSocket, data: string): void {
    if (data.length > MESSAGE_MAX_LENGTH) return this.#cut(socket, 'message_too_large');
    const parsed = parseMessage(ConsoleToTerminal, data);
    if (!parsed.ok) return this.#cut(socket, 'message_invalid');
    const { message } = parsed;
    if (message.type === 'hello') return this.#hello(socket, message);
    if (this.#link?.isSocket(socket) === true) this.#resize(message.size);
  }

  #hello(socket: WebSocket, hello: Extract<ConsoleToTerminal, { type: 'hello' }>): void {
    const { sql, recorder, store, agentConnected, onFlow } = this.#options;
    if (!this.#handshakes.done(socket)) return this.#cut(socket, 'message_invalid');
    if (hello.protocolVersion !== PROTOCOL_VERSION) return this.#cut(socket, 'version_unsupported');
    this.#link?.refuse('session_taken_over');
    const link = new ConsoleLink(socket, recorder, {
      haveBytes: hello.outputOffsetBytes,
      takesScreen: hello.takesScreen,
      requestScreen: () => this.#askForScreen(),
    });
    this.#link = link;
    link.send({
      type: 'ready',
      outputOffsetBytes: hello.outputOffsetBytes,
      inputOffsetBytes: store.record.input_offset,
      agent: agentConnected() ? 'connected' : 'lost',
    });
    const commands = sql
      .exec<{ json: string }>(
        'SELECT json FROM (SELECT started_at, json FROM commands ORDER BY started_at DESC LIMIT ?) ORDER BY started_at',
        COMMANDS_REPEATED,
      )
      .toArray();
    for (const { json } of commands) {
      link.send({ type: 'command', command: CommandRecord.parse(JSON.parse(json)) });
    }
    this.#resize(hello.size);
    link.pump();
    onFlow();
    this.#finish();
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
  }

  #bytes(socket: WebSocket, bytes: Uint8Array): void {
    const link = this.#link;
    if (link?.isSocket(socket) !== true) return this.#cut(socket, 'frame_invalid');
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return this.#cut(socket, 'frame_invalid');
    const { frame } = decoded;
    if (frame.kind === FrameKind.input) {
      const taken = this.#options.onInput(frame.offsetBytes, frame.payload, bytes);
      return taken ? undefined : this.#cut(socket, 'rate_limited');
    }
    if (frame.kind !== FrameKind.outputAck) return this.#cut(socket, 'frame_invalid');
    if (link.isStalled) return this.#cut(socket, 'reader_stalled');
    if (!link.acknowledged(frame.offsetBytes)) return this.#cut(socket, 'frame_invalid');
    this.#options.onFlow();
    this.#finish();
  }

  #finish(): void {
    const { store, recorder } = this.#options;
    const { ended_at, end_reason, exit_code } = store.record;
    const link = this.#link;
    if (link === null || ended_at === null || end_reason === null) return;
    link.goWithoutScreen();
    if (link.sentBytes < recorder.receivedBytes) return;
    this.#link = null;
    link.send({
      type: 'ended',
      reason: end_reason,
      exitCode: exit_code,
      outputEndBytes: recorder.receivedBytes,
    });
    link.finish();
  }

  #gone(socket: WebSocket): void {
    this.#handshakes.done(socket);
    if (this.#link?.isSocket(socket) !== true) return;
    this.#link = null;
    this.#options.onFlow();
  }

  #cut(socket: WebSocket, code: ErrorCode): void {
    refuseConsole(socket, code);
    this.#gone(socket);
  }
}
