// One terminal session's connection: opened, lost, tried again, and both streams resumed by offset after any cut.
// What has come of each is for terminal-output.ts and terminal-input.ts to know.
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
import type { CommandRecord, SessionEndReason } from '#protocol/records.ts';
import { callError } from './call-error.ts';
import type { CallError } from './call-error.ts';
import { RelayLine } from './relay-line.ts';
import { retryMs } from './retry-ms.ts';
import type { OpenSocket, Timers } from './socket.ts';
import { TerminalInput } from './terminal-input.ts';
import { TerminalOutput } from './terminal-output.ts';

export type TerminalState =
  | { readonly kind: 'connecting'; readonly attempt: number; readonly cause: CallError | null }
  /** `silent`: there as far as the relay knows, but what was typed has no answer. */
  | { readonly kind: 'open'; readonly agent: 'connected' | 'silent' | 'lost' }
  | { readonly kind: 'ended'; readonly reason: SessionEndReason; readonly exitCode: number | null }
  | { readonly kind: 'refused'; readonly error: CallError };

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

export type SessionMode = SessionPeople['mode'];
export type SessionPeople = Omit<
  Extract<TerminalToConsole, { type: 'people' }>,
  'type' | 'inputOffsetBytes' | 'turn'
>;

export class TerminalClient {
  readonly #options: TerminalClientOptions;
  readonly #line: RelayLine;
  readonly #input: TerminalInput;
  readonly #output: TerminalOutput;
  #mode: SessionMode;
  /** Of the keyboard: what was typed in another is void. Undefined until it is told. */
  #turn: number | undefined;
  #state: TerminalState = { kind: 'connecting', attempt: 0, cause: null };
  #size: TerminalSize;
  /** The relay has answered `hello` on the present line. */
  #ready = false;
  #stopRetry: () => void = () => undefined;

  constructor(options: TerminalClientOptions) {
    this.#options = options;
    this.#size = options.size;
    this.#mode = options.mode ?? 'type';
    const { relayUrl, machineId, sessionId, open, timers, getToken } = options;
    this.#line = new RelayLine({
      url: routeUrl(relayUrl, 'terminal', { machineId, sessionId }),
      open,
      timers,
      getToken,
      opened: () => this.#sayHello(),
      text: (data) => this.#receivedMessage(data),
      binary: (bytes) => this.#receivedFrame(bytes),
      failed: (error) => (error.retryable ? this.#lost(error) : this.#refused(error)),
    });
    this.#input = new TerminalInput({
      timers,
      flows: () => this.#ready && this.#state.kind === 'open' && this.#state.agent !== 'lost',
      send: (frame) => this.#line.send(frame),
      silent: () => {
        this.#setState({ kind: 'open', agent: 'silent' });
        this.#connect(0, callError('unavailable'));
      },
    });
    this.#output = new TerminalOutput({
      timers,
      acknowledge: (drawnBytes) => {
        if (this.#ready) this.#line.send(encodeFrame(FrameKind.outputAck, drawnBytes));
        return this.#ready;
      },
      // What was printed since may be too much to draw byte by byte: the relay decides anew.
      loaded: () => this.reconnectNow(),
    });
  }

  get state(): TerminalState {
    return this.#state;
  }

  connect(): void {
    this.#connect(0, null);
  }

  /** @returns false where the input could not be taken: the session is over, or too much waits already. */
  send(bytes: Uint8Array): boolean {
    if (this.#mode === 'watch') return false;
    if (this.#state.kind === 'ended' || this.#state.kind === 'refused') return false;
    return this.#input.add(bytes);
  }

  resize(size: TerminalSize): void {
    if (size.cols === this.#size.cols && size.rows === this.#size.rows) return;
    this.#size = size;
    if (this.#ready && this.#mode === 'type') this.#sendMessage({ type: 'resize', size });
  }

  /** The network changed, or the control socket was found dead: do not wait for this one to notice. */
  reconnectNow(): void {
    if (this.#state.kind === 'connecting' || this.#state.kind === 'open') this.#connect(0, null);
  }

  /** The computer was asleep: a try that waits for its turn is made at once. */
  retryNow(): void {
    if (this.#state.kind === 'connecting') this.#connect(this.#state.attempt, this.#state.cause);
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
    this.#drop();
  }

  #connect(attempt: number, cause: CallError | null): void {
    this.#drop();
    this.#line.dial(cause !== null);
    // A line that is asked once more because the machine is silent is not lost yet.
    if (!this.#input.isSilent || attempt > 0) this.#setState({ kind: 'connecting', attempt, cause });
  }

  #sayHello(): void {
    this.#sendMessage({
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      outputOffsetBytes: this.#output.receivedBytes,
      takesScreen: this.#options.onScreen !== undefined && this.#output.takesScreen,
      mode: this.#mode,
      resumesInput: this.#input.isStarted,
      turn: this.#turn,
      size: this.#size,
    });
  }

  #receivedMessage(data: string): void {
    const parsed = parseMessage(TerminalToConsole, data);
    if (!parsed.ok) return this.#lost(callError('message_invalid'));
    const { message } = parsed;
    switch (message.type) {
      case 'ready': {
        this.#line.established();
        this.#ready = true;
        const skippedBytes = this.#output.skipTo(message.outputOffsetBytes);
        if (skippedBytes > 0) this.#options.onSkipped(skippedBytes);
        // Without the agent, the relay may know of less input than reached the pty.
        if (message.agent === 'connected' && this.#mode === 'type') {
          this.#input.startAt(message.inputOffsetBytes);
        }
        this.#input.confirm(message.inputOffsetBytes);
        this.#setOpen(message.agent);
        // By this the relay knows how far away we are; and it may have lost an acknowledgement with the old socket.
        this.#output.acknowledge();
        if (message.agent === 'connected') this.#input.sendFrom(message.inputOffsetBytes);
        return undefined;
      }
      case 'agent': {
        if (message.state === 'connected') this.#input.heard();
        this.#setOpen(message.state);
        if (message.state === 'lost') return this.#input.stopWatch();
        if (this.#mode === 'watch') return undefined;
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
        this.#setState({ kind: 'ended', reason: message.reason, exitCode: message.exitCode });
        return this.#drop();
      case 'closing':
        return this.#line.closing(callError(message.error.code, message.error.text));
    }
  }

  #receivedFrame(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) return this.#lost(callError('frame_invalid'));
    const { kind, offsetBytes, payload } = decoded.frame;
    if (kind === FrameKind.inputAck) {
      this.#input.confirm(offsetBytes);
      this.#input.heard();
      if (this.#state.kind === 'open' && this.#state.agent === 'silent') this.#setOpen('connected');
      return undefined;
    }
    if (kind !== FrameKind.output) return undefined;
    const received = this.#output.receive(offsetBytes, payload);
    // Bytes are missing in between: a new hello names what is here, and the rest follows.
    if (received === 'gap') return this.#lost(callError('unavailable'));
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
    const isAnother = mode !== this.#mode || (this.#turn !== undefined && turn !== this.#turn);
    this.#turn = turn;
    if (isAnother) {
      this.#input.forget();
      this.#mode = mode;
      if (mode === 'type') {
        if (inputOffsetBytes !== undefined) this.#input.startAt(inputOffsetBytes);
        this.#sendMessage({ type: 'resize', size: this.#size, turn });
      }
    }
    this.#options.onPeople?.({ mode, typist, away, watchers });
  }

  #receivedScreen({ offsetBytes, data }: ScreenPicture): void {
    const bytes = fromBase64(data);
    const { onScreen } = this.#options;
    if (bytes === null || onScreen === undefined) return this.#lost(callError('message_invalid'));
    const { skippedBytes, drawn } = this.#output.receiveScreen(offsetBytes);
    return onScreen(bytes, skippedBytes, drawn);
  }

  #lost(cause: CallError): void {
    if (this.#state.kind !== 'connecting' && this.#state.kind !== 'open') return;
    const attempt = this.#state.kind === 'open' ? 0 : this.#state.attempt + 1;
    const { timers } = this.#options;
    this.#drop();
    this.#setState({ kind: 'connecting', attempt, cause });
    this.#stopRetry = timers.after(retryMs(attempt, timers.random), () => this.#connect(attempt, cause));
  }

  #refused(error: CallError): void {
    this.#drop();
    this.#setState({ kind: 'refused', error });
  }

  #drop(): void {
    this.#ready = false;
    this.#stopRetry();
    this.#output.stopAck();
    this.#input.stopWatch();
    this.#line.drop();
  }

  #sendMessage(message: ConsoleToTerminal): void {
    this.#line.send(JSON.stringify(message));
  }

  #setOpen(agent: 'connected' | 'lost'): void {
    const silent = agent === 'connected' && this.#input.isSilent;
    this.#setState({ kind: 'open', agent: silent ? 'silent' : agent });
  }

  #setState(state: TerminalState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
