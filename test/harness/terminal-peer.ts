import { setTimeout as delay } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import type { ScreenPicture } from '#protocol/control/agent-to-terminal.ts';
import type { ConsoleToTerminal } from '#protocol/control/console-to-terminal.ts';
import { TerminalToConsole } from '#protocol/control/terminal-to-console.ts';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import {
  ACK_EVERY_BYTES,
  decodeFrame,
  encodeFrame,
  FRAME_PAYLOAD_MAX_BYTES,
  FrameKind,
  unseenPart,
} from '#protocol/frame/frame.ts';
import type { CommandId, SessionId } from '#protocol/ids.ts';
import type { CommandRecord } from '#protocol/records.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { isPassing, openPeerSocket, PeerRefused } from './peer-socket.ts';
import { createWaiters } from './waiters.ts';

export interface TerminalPeerOptions {
  readonly size?: TerminalSize;
  /** Called with every new range of output, in order. */
  readonly onOutput?: (payload: Uint8Array, offsetBytes: number) => void;
  /** Much is missing and this came in place of it. Left out: every byte is wanted. */
  readonly onScreen?: (picture: ScreenPicture) => void;
  /** `watch`: look on in a colleague's session. */
  readonly mode?: 'type' | 'watch';
  /** False: output is counted and told, not kept (for floods). */
  readonly keepsOutput?: boolean;
}

interface TerminalPeerSetting extends TerminalPeerOptions {
  readonly url: string;
  readonly sessionId: SessionId;
  readonly size: TerminalSize;
  getToken(): Promise<string>;
}

type People = Extract<TerminalToConsole, { type: 'people' }>;
export type Ended = Extract<TerminalToConsole, { type: 'ended' }>;

const RETRY_MS = 150;
const LIMIT_MS = 20_000;
/** An acknowledgement of less than a full step waits this long for more. */
const ACK_AFTER_MS = 5;

/** The console's end of one session, byte for byte, without a screen. Cut off, it comes back and goes on. */
export class TerminalPeer {
  readonly sessionId: SessionId;
  readonly #setting: TerminalPeerSetting;
  readonly #waiters = createWaiters();
  readonly #commands = new Map<CommandId, CommandRecord>();
  #chunks: Uint8Array[] = [];
  #receivedBytes = 0;
  #ackedBytes = 0;
  #ackTimer: NodeJS.Timeout | null = null;
  #draws = true;
  /** Input from `#inputAckBytes` on that the pty has not confirmed. */
  #input: Buffer = Buffer.alloc(0);
  #inputAckBytes = 0;
  #socket: WebSocket | null = null;
  #agent: 'connected' | 'lost' | null = null;
  /** It has the keyboard, and is told with the agent's next word where the input goes on. */
  #awaitsInput = false;
  #ended: Ended | null = null;
  #people: People | null = null;
  #size: TerminalSize | null = null;
  #closedBy: ErrorCode | 'disposed' | null = null;
  #connections = 0;
  #returning = false;

  constructor(setting: TerminalPeerSetting) {
    this.#setting = setting;
    this.sessionId = setting.sessionId;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Input that the pty took. */
  get inputAckBytes(): number {
    return this.#inputAckBytes;
  }

  /** Of the agent's data socket, as the relay says; null before the first `ready` and while cut off. */
  get agent(): 'connected' | 'lost' | null {
    return this.#agent;
  }

  get ended(): Ended | null {
    return this.#ended;
  }

  /** Who is here, and whether this end types; null before it was told. */
  get people(): People | null {
    return this.#people;
  }

  /** Of the screen, as told to one who watches. */
  get size(): TerminalSize | null {
    return this.#size;
  }

  get closedBy(): ErrorCode | null {
    return this.#closedBy === 'disposed' ? null : this.#closedBy;
  }

  /** How often the relay was ready for us: 1 without any cut. */
  get connections(): number {
    return this.#connections;
  }

  get commands(): readonly CommandRecord[] {
    return [...this.#commands.values()];
  }

  output(fromBytes = 0): Buffer {
    const parts: Uint8Array[] = [];
    let start = this.#receivedBytes;
    for (let i = this.#chunks.length - 1; i >= 0 && start > fromBytes; i -= 1) {
      const chunk = this.#chunks[i] ?? new Uint8Array(0);
      start -= chunk.length;
      parts.push(start < fromBytes ? chunk.subarray(fromBytes - start) : chunk);
    }
    return Buffer.concat(parts.toReversed());
  }

  /** Connects and waits until the relay is ready. @throws PeerRefused */
  async connect(): Promise<void> {
    await this.#dial();
    await this.until('the relay to be ready', () => this.#connections > 0 || this.#closedBy !== null);
    if (this.closedBy !== null) throw new PeerRefused(this.closedBy);
  }

  type(text: string | Uint8Array): void {
    const bytes = Buffer.from(text);
    const offset = this.#inputAckBytes + this.#input.length;
    this.#input = Buffer.concat([this.#input, bytes]);
    if (this.#agent === 'connected' && !this.#awaitsInput) this.#sendInput(offset, bytes);
  }

  /** Types a line and waits until the shell told its end. */
  async run(line: string, limitMs = LIMIT_MS): Promise<CommandRecord> {
    const before = new Set(this.#commands.keys());
    const find = (): CommandRecord | undefined =>
      this.commands.find(({ commandId, finishedAt }) => !before.has(commandId) && finishedAt !== null);
    this.type(`${line}\r`);
    await this.until(`the end of ${line}`, () => find() !== undefined, limitMs);
    const found = find();
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  resize(size: TerminalSize): void {
    this.#say({ type: 'resize', size });
  }

  /** False: output is no longer acknowledged, as by a console that hangs. */
  draws(does: boolean): void {
    this.#draws = does;
    if (does) this.#acknowledge();
  }

  /** Looks again after everything that arrives. */
  until(what: string, condition: () => boolean, limitMs = LIMIT_MS): Promise<void> {
    const detail = (): string =>
      `${this.#receivedBytes} bytes, agent ${this.#agent ?? 'unknown'}, closed by ${this.#closedBy ?? 'nobody'}; ` +
      `output ends: ${JSON.stringify(this.output(Math.max(0, this.#receivedBytes - 400)).toString())}`;
    return this.#waiters.wait(what, condition, limitMs, detail);
  }

  /** Waits for text in the output from `fromBytes` on. Answers the offset after it. */
  async untilText(text: string, fromBytes = 0, limitMs = LIMIT_MS): Promise<number> {
    const wanted = Buffer.from(text);
    let searched = fromBytes;
    let after = 0;
    const look = (): boolean => {
      const at = this.output(searched).indexOf(wanted);
      after = searched + at + wanted.length;
      if (at === -1) searched = Math.max(fromBytes, this.#receivedBytes - wanted.length + 1);
      return at !== -1;
    };
    await this.until(JSON.stringify(text), look, limitMs);
    return after;
  }

  /** Waits for the session's end, and that all output is here. */
  async untilEnded(limitMs = LIMIT_MS): Promise<Ended> {
    await this.until('the end of the session', () => this.#ended !== null, limitMs);
    if (this.#ended === null) throw new Error('unreachable');
    return this.#ended;
  }

  /** The line breaks; the peer comes back by itself. */
  cut(): void {
    this.#socket?.terminate();
  }

  dispose(): void {
    this.#closedBy ??= 'disposed';
    if (this.#ackTimer !== null) clearTimeout(this.#ackTimer);
    this.#socket?.terminate();
  }

  async #dial(): Promise<void> {
    const token = await this.#setting.getToken();
    const socket = await openPeerSocket(this.#setting.url, token, {
      text: (text) => this.#receiveText(text),
      bytes: (bytes) => this.#receiveBytes(bytes),
      closed: (code) => this.#closed(socket, code),
    });
    if (this.#closedBy === 'disposed') {
      socket.terminate();
      return;
    }
    this.#socket = socket;
    const { size } = this.#setting;
    this.#say({
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      outputOffsetBytes: this.#receivedBytes,
      takesScreen: this.#setting.onScreen !== undefined,
      mode: this.#people?.mode ?? this.#setting.mode ?? 'type',
      resumesInput: this.#connections > 0,
      turn: this.#people?.turn,
      size,
    });
  }

  #receiveText(text: string): void {
    const message = TerminalToConsole.parse(JSON.parse(text));
    switch (message.type) {
      case 'ready':
        if (message.outputOffsetBytes > this.#receivedBytes) {
          throw new Error(`output lost: ${this.#receivedBytes}..${message.outputOffsetBytes}`);
        }
        // New to a session that was typed into before.
        if (this.#connections === 0) this.#inputAckBytes = message.inputOffsetBytes;
        this.#connections += 1;
        this.#agent = message.agent;
        // As a console: by this the relay knows how far away it is.
        this.#acknowledge();
        this.#resumeInput(message.inputOffsetBytes);
        break;
      case 'agent':
        this.#agent = message.state;
        if (message.inputOffsetBytes === undefined) break;
        if (this.#awaitsInput) this.#inputAckBytes = message.inputOffsetBytes;
        this.#awaitsInput = false;
        this.#resumeInput(message.inputOffsetBytes);
        break;
      case 'people':
        if (this.#people?.mode === 'watch' && message.mode === 'type') {
          this.#input = Buffer.alloc(0);
          this.#inputAckBytes = message.inputOffsetBytes ?? this.#inputAckBytes;
          this.#awaitsInput = message.inputOffsetBytes === undefined;
          this.#say({ type: 'resize', size: this.#setting.size, turn: message.turn });
        }
        this.#people = message;
        break;
      case 'size':
        this.#size = message.size;
        break;
      case 'screen':
        this.#skipTo(message.picture);
        break;
      case 'command':
        this.#commands.set(message.command.commandId, message.command);
        break;
      case 'ended':
        this.#ended = message;
        break;
      case 'closing':
        break;
    }
    this.#waiters.look();
  }

  #receiveBytes(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) throw new Error(`not a frame: ${decoded.reason}`);
    const { frame } = decoded;
    if (frame.kind === FrameKind.inputAck) this.#inputTaken(frame.offsetBytes);
    else if (frame.kind === FrameKind.output) {
      const part = unseenPart(this.#receivedBytes, frame.offsetBytes, frame.payload);
      if (part.state === 'gap') throw new Error(`gap: ${frame.offsetBytes} after ${this.#receivedBytes}`);
      if (part.state === 'new') this.#draw(part.payload);
    } else throw new Error(`frame of kind ${frame.kind} for a console`);
    this.#waiters.look();
  }

  #draw(payload: Uint8Array): void {
    const offset = this.#receivedBytes;
    this.#receivedBytes += payload.length;
    if (this.#setting.keepsOutput !== false) this.#chunks.push(payload);
    this.#setting.onOutput?.(payload, offset);
    if (this.#receivedBytes - this.#ackedBytes >= ACK_EVERY_BYTES) this.#acknowledge();
    else this.#ackTimer ??= setTimeout(() => this.#acknowledge(), ACK_AFTER_MS);
  }

  #skipTo(picture: ScreenPicture): void {
    this.#setting.onScreen?.(picture);
    this.#chunks = [];
    this.#receivedBytes = picture.offsetBytes;
    this.#acknowledge();
  }

  #acknowledge(): void {
    if (this.#ackTimer !== null) clearTimeout(this.#ackTimer);
    this.#ackTimer = null;
    if (!this.#draws) return;
    this.#ackedBytes = this.#receivedBytes;
    this.#socket?.send(encodeFrame(FrameKind.outputAck, this.#ackedBytes));
  }

  #inputTaken(offsetBytes: number): void {
    const taken = Math.min(offsetBytes - this.#inputAckBytes, this.#input.length);
    if (taken <= 0) return;
    this.#input = this.#input.subarray(taken);
    this.#inputAckBytes += taken;
  }

  // What the pty has not is sent again; what it has already is dropped on the way by its offset.
  // A relay that was killed may know less than the agent acknowledged: no reason to go back.
  #resumeInput(inputOffsetBytes: number): void {
    this.#inputTaken(inputOffsetBytes);
    if (this.#agent === 'connected' && this.#input.length > 0) {
      this.#sendInput(this.#inputAckBytes, this.#input);
    }
  }

  #sendInput(offsetBytes: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += FRAME_PAYLOAD_MAX_BYTES) {
      const payload = bytes.subarray(at, at + FRAME_PAYLOAD_MAX_BYTES);
      this.#socket?.send(encodeFrame(FrameKind.input, offsetBytes + at, payload));
    }
  }

  #say(message: ConsoleToTerminal): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #closed(socket: WebSocket, code: ErrorCode | null): void {
    if (this.#socket !== null && this.#socket !== socket) return;
    this.#socket = null;
    this.#agent = null;
    if (this.#closedBy === null && code !== null && !isPassing(code)) this.#closedBy = code;
    this.#waiters.look();
    if (this.#closedBy === null && this.#ended === null) void this.#comeBack();
  }

  async #comeBack(): Promise<void> {
    if (this.#returning) return;
    this.#returning = true;
    while (this.#closedBy === null && this.#socket === null) {
      await delay(RETRY_MS);
      // No relay yet: once more.
      await this.#dial().catch(() => {});
    }
    this.#returning = false;
  }
}
