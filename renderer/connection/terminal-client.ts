// What a console and the relay say to each other in one terminal session: after any cut of the line (terminal-line.ts)
// both streams go on by offset. What has come of each is for terminal-output.ts and terminal-input.ts to know.
import { FrameKind, decodeFrame, encodeFrame } from '#protocol/frame/frame.ts';
import { fromBase64 } from '#protocol/evidence/base64.ts';
import type { ScreenPicture } from '#protocol/control/agent-to-terminal.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import { routeUrl } from '#protocol/routes.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { TerminalToConsole } from '#protocol/control/terminal-to-console.ts';
import type { ConsoleToTerminal } from '#protocol/control/console-to-terminal.ts';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { MachineId, SessionId } from '#protocol/ids.ts';
import type { CommandRecord } from '#protocol/records.ts';
import { callError } from './call-error.ts';
import type { OpenSocket, Timers } from './socket.ts';
import { TerminalInput } from './terminal-input.ts';
import type { SessionMode } from './terminal-input.ts';
import { TerminalLine } from './terminal-line.ts';
import type { TerminalState } from './terminal-line.ts';
import { TerminalOutput } from './terminal-output.ts';

export interface TerminalClientOptions {
  readonly relayUrl: string;
  readonly machineId: MachineId;
  readonly sessionId: SessionId;
  readonly size: TerminalSize;
  readonly open: OpenSocket;
  readonly timers: Timers;
  /** See to it that the upgrade carries a token. `fresh`: the one of before was of no use. */
  readonly getToken: (fresh: boolean) => Promise<{ ok: true } | { ok: false; offline: boolean }>;
  readonly onState: (state: TerminalState) => void;
  /** `drawn` is called when the terminal has parsed these bytes. Calls come in order. */
  readonly onOutput: (bytes: Uint8Array, drawn: () => void) => void;
  /**
   * More output is missing than is worth drawing: reset the terminal and draw these bytes, then what follows.
   * `skippedBytes` of output are not drawn; `loadSkipped` gets them. Left out: this terminal wants every byte.
   */
  readonly onScreen?: (bytes: Uint8Array, skippedBytes: number, drawn: () => void) => void;
  /** Output that no longer is to be had here; the recording has it. */
  readonly onSkipped: (bytes: number) => void;
  readonly onCommand: (command: CommandRecord) => void;
  /** `watch`: look on in a session whose keyboard is another's. To type, when left out. */
  readonly mode?: SessionMode;
  /** Who is here, and whether this console types or watches now. */
  readonly onPeople?: (people: SessionPeople) => void;
  /** While watching: the size of the screen, which the typist's console decides. */
  readonly onSize?: (size: TerminalSize) => void;
}

export type SessionPeople = Omit<
  Extract<TerminalToConsole, { type: 'people' }>,
  'type' | 'inputOffsetBytes' | 'turn'
>;

export class TerminalClient {
  readonly #options: TerminalClientOptions;
  readonly #line: TerminalLine;
  readonly #input: TerminalInput;
  readonly #output: TerminalOutput;
  #size: TerminalSize;

  constructor(options: TerminalClientOptions) {
    this.#options = options;
    this.#size = options.size;
    const { relayUrl, machineId, sessionId, open, timers, getToken, onState, mode = 'type' } = options;
    this.#line = new TerminalLine({
      url: routeUrl(relayUrl, 'terminal', { machineId, sessionId }),
      open,
      timers,
      getToken,
      opened: () => this.#sayHello(),
      text: (data) => this.#receivedMessage(data),
      binary: (bytes) => this.#receivedFrame(bytes),
      isSilent: () => this.#input.isSilent,
      onState,
      dropped: () => {
        this.#output.stopAck();
        this.#input.stopWatch();
      },
    });
    this.#input = new TerminalInput(mode, {
      timers,
      flows: () => this.#line.takesInput,
      send: (frame) => this.#line.send(frame),
      silent: () => this.#line.askAgain(),
    });
    this.#output = new TerminalOutput({
      timers,
      acknowledge: (drawnBytes) => {
        const { isReady } = this.#line;
        if (isReady) this.#line.send(encodeFrame(FrameKind.outputAck, drawnBytes));
        return isReady;
      },
      // What was printed since may be too much to draw byte by byte: the relay decides anew.
      loaded: () => this.reconnectNow(),
    });
  }

  get state(): TerminalState {
    return this.#line.state;
  }

  connect(): void {
    this.#line.connect();
  }

  /** @returns false where the input could not be taken: another types, the session is over, or too much waits already. */
  send(bytes: Uint8Array): boolean {
    const { kind } = this.#line.state;
    if (kind === 'ended' || kind === 'refused') return false;
    return this.#input.add(bytes);
  }

  resize(size: TerminalSize): void {
    if (size.cols === this.#size.cols && size.rows === this.#size.rows) return;
    this.#size = size;
    if (this.#line.isReady && this.#input.mode === 'type') this.#sendMessage({ type: 'resize', size });
  }

  /** The network changed, or the control socket was found dead: do not wait for this one to notice. */
  reconnectNow(): void {
    this.#line.reconnectNow();
  }

  /** The computer was asleep: a try that waits for its turn is made at once. */
  retryNow(): void {
    this.#line.retryNow();
  }

  /** Comes back to an offset where output was skipped, for every byte since. The terminal must look as it did there. */
  loadFrom(offsetBytes: number): void {
    this.#output.loadFrom(offsetBytes);
    this.reconnectNow();
  }

  /** Typed, and not known to have reached the machine. */
  get waitingCharacters(): number {
    return this.#input.waitingCharacters;
  }

  get drawnBytes(): number {
    return this.#output.drawnBytes;
  }

  /** Output received so far. */
  get receivedBytes(): number {
    return this.#output.receivedBytes;
  }

  dispose(): void {
    this.#line.drop();
  }

  #sayHello(): void {
    this.#sendMessage({
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      outputOffsetBytes: this.#output.receivedBytes,
      takesScreen: this.#options.onScreen !== undefined && this.#output.takesScreen,
      mode: this.#input.mode,
      resumesInput: this.#input.isStarted,
      turn: this.#input.turn,
      size: this.#size,
    });
  }

  #receivedMessage(data: string): void {
    const parsed = parseMessage(TerminalToConsole, data);
    if (!parsed.ok) return this.#line.lost(callError('message_invalid'));
    const { message } = parsed;
    switch (message.type) {
      case 'ready': {
        this.#line.established();
        const skippedBytes = this.#output.skipTo(message.outputOffsetBytes);
        if (skippedBytes > 0) this.#options.onSkipped(skippedBytes);
        // Without the agent, the relay may know of less input than reached the pty.
        if (message.agent === 'connected') this.#input.startAt(message.inputOffsetBytes);
        this.#input.confirm(message.inputOffsetBytes);
        this.#line.setOpen(message.agent);
        // By this the relay knows how far away we are; and it may have lost an acknowledgement with the old socket.
        this.#output.acknowledge();
        if (message.agent === 'connected') this.#input.sendFrom(message.inputOffsetBytes);
        return undefined;
      }
      case 'agent': {
        if (message.state === 'connected') this.#input.heard();
        this.#line.setOpen(message.state);
        if (message.state === 'lost') return this.#input.stopWatch();
        const from = message.inputOffsetBytes ?? this.#input.confirmedBytes;
        this.#input.startAt(from);
        this.#input.confirm(from);
        return this.#input.sendFrom(from);
      }
      case 'people':
        return this.#receivedPeople(message);
      case 'size':
        return this.#options.onSize?.(message.size);
      case 'screen':
        return this.#receivedScreen(message.picture);
      case 'command':
        return this.#options.onCommand(message.command);
      case 'ended':
        return this.#line.ended(message.reason, message.exitCode);
      case 'closing':
        return this.#line.closing(callError(message.error.code, message.error.text));
    }
  }

  #receivedFrame(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return this.#line.lost(callError('frame_invalid'));
    const { kind, offsetBytes, payload } = decoded.frame;
    if (kind === FrameKind.inputAck) {
      this.#input.confirm(offsetBytes);
      this.#input.heard();
      const { state } = this.#line;
      if (state.kind === 'open' && state.agent === 'silent') this.#line.setOpen('connected');
      return undefined;
    }
    if (kind !== FrameKind.output) return undefined;
    const received = this.#output.receive(offsetBytes, payload);
    // Bytes are missing in between: a new hello names what is here, and the rest follows.
    if (received === 'gap') return this.#line.lost(callError('unavailable'));
    return received === null ? undefined : this.#options.onOutput(received.bytes, received.drawn);
  }

  #receivedPeople({
    mode,
    typist,
    away,
    watchers,
    turn,
    inputOffsetBytes,
  }: Extract<TerminalToConsole, { type: 'people' }>): void {
    const isAnother = this.#input.takeTurn(mode, turn, inputOffsetBytes);
    if (isAnother && mode === 'type') this.#sendMessage({ type: 'resize', size: this.#size, turn });
    this.#options.onPeople?.({ mode, typist, away, watchers });
  }

  #receivedScreen({ offsetBytes, data }: ScreenPicture): void {
    const bytes = fromBase64(data);
    const { onScreen } = this.#options;
    if (bytes === null || onScreen === undefined) return this.#line.lost(callError('message_invalid'));
    const { skippedBytes, drawn } = this.#output.receiveScreen(offsetBytes);
    return onScreen(bytes, skippedBytes, drawn);
  }

  #sendMessage(message: ConsoleToTerminal): void {
    this.#line.send(JSON.stringify(message));
  }
}
