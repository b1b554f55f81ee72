// One session: a pty that outlives its sockets. Output waits in a ring until the relay has it for good,
// input is applied once by its offset, facts are resent until stored. Sockets come and go through
// attach() and detach(); nothing here knows how they are made.
import type { AgentToTerminal, SessionFact } from '#protocol/control/agent-to-terminal.ts';
import { TerminalToAgent } from '#protocol/control/terminal-to-agent.ts';
import { decodeFrame, FrameKind } from '#protocol/frame/frame.ts';
import { toBase64 } from '#protocol/evidence/base64.ts';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import type { Clock } from '../clock.ts';
import { createFactQueue } from './fact-queue.ts';
import { MarkedOutput } from './marked-output.ts';
import { createOutputRing } from './output-ring.ts';
import { createOutputSender } from './output-sender.ts';
import type { PtySession } from './process-session.ts';
import type { PtyEvents, PtyExit, PtyProcess } from './pty-process.ts';
import { SessionInput } from './session-input.ts';
import { SessionScreen } from './session-screen.ts';

export interface SessionWire {
  send(message: string | Uint8Array): void;
}

export interface TerminalSessionOptions {
  readonly clock: Clock;
  /** That the pty is started with. */
  readonly size: TerminalSize;
  /** The pty is paused while the ring holds this much. */
  readonly ringLimitBytes: number;
  /** Of the shell's marks; null for a shell without hooks. */
  readonly markNonce: string | null;
  readonly shell: string;
  readonly user: string;
  start(events: PtyEvents): PtyProcess;
  /** Does the terminal (its path, null: closed) read lines without echo now? Never rejects. */
  asksForSecret(terminal: string | null): Promise<boolean>;
  /** The shell has read its init file. */
  loaded(): void;
  exited(exit: PtyExit): void;
  /** The socket in use makes no sense any more: cut it and come back with another. */
  cut(reason: string): void;
  /** Everything there is to say has been stored by the relay. */
  settled(): void;
}

/** Unsent output beyond this pauses the pty while a socket is there, so that Ctrl+C is not behind a backlog. */
const UNSENT_LIMIT_BYTES = 64 * 1024;

export class TerminalSession {
  readonly #options: TerminalSessionOptions;
  readonly #ring = createOutputRing();
  readonly #facts = createFactQueue();
  readonly #output: MarkedOutput;
  readonly #sender;
  readonly #screen;
  readonly #input;
  readonly #pty: PtyProcess;
  #wire: SessionWire | null = null;
  /** After the relay's welcome: it knows where to go on. */
  #welcomed = false;
  #paused = false;
  #exit: PtyExit | null = null;
  #settled = false;

  /** @throws when the pty cannot be started */
  constructor(options: TerminalSessionOptions) {
    this.#options = options;
    const { clock, markNonce } = options;
    this.#output = new MarkedOutput({
      clock,
      markNonce,
      ring: this.#ring,
      facts: this.#facts,
      loaded: () => options.loaded(),
      released: () => {
        this.#sender.appended(false);
        this.#flushFacts();
      },
    });
    this.#screen = new SessionScreen(options.size, () => this.#steer());
    this.#sender = createOutputSender(this.#ring, clock, {
      send: (frame) => this.#wire?.send(frame),
      gone: (offsetBytes, payload) => this.#screen.append(offsetBytes, payload),
      sent: () => {
        this.#flushFacts();
        this.#steer();
      },
    });
    this.#pty = options.start({
      output: (bytes) => this.#received(bytes),
      exited: (exit) => this.#exited(exit),
    });
    this.#input = new SessionInput({
      clock,
      write: (bytes) => this.#pty.write(bytes),
      mayAskForSecret: () => !this.#output.atPrompt,
      asksForSecret: () => options.asksForSecret(this.#pty.session.terminal()),
      redacted: (bytes) => {
        this.#facts.add(clock.now(), { fact: 'input.redacted', bytes });
        this.#flushFacts();
      },
      isWanted: () => this.#wire !== null && this.#exit === null,
      confirm: (frame) => {
        if (this.#welcomed) this.#wire?.send(frame);
      },
      cut: (reason) => options.cut(reason),
    });
    const { shell, user } = options;
    this.#facts.add(clock.now(), { fact: 'started', pid: this.pid, shell, user });
  }

  get pid(): number {
    return this.#pty.session.leaderPid;
  }

  /** Its processes, as the kernel tells them apart. */
  get processes(): PtySession {
    return this.#pty.session;
  }

  /** Output kept until the relay has it for good. */
  get keptBytes(): number {
    return this.#ring.sizeBytes;
  }

  /** A new data socket is open; the one before is forgotten. */
  attach(wire: SessionWire): void {
    this.detach();
    this.#wire = wire;
    this.#say({
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      beats: true,
      outputStartBytes: this.#ring.startBytes,
      outputEndBytes: this.#ring.endBytes,
      inputOffsetBytes: this.#input.giveBack(),
    });
    this.#steer();
  }

  detach(): void {
    this.#input.stop();
    this.#wire = null;
    this.#welcomed = false;
    this.#sender.stop();
    this.#steer();
  }

  /** Ends the shell and what it started. The rest of the output and `exited` still go out. */
  end(): void {
    this.#pty.end();
  }

  dispose(): void {
    this.detach();
    this.#output.dispose();
    this.#sender.dispose();
    this.#input.dispose();
    this.#screen.dispose();
    if (this.#exit === null) this.#pty.end();
  }

  receiveText(text: string): void {
    const parsed = parseMessage(TerminalToAgent, text);
    if (!parsed.ok) return;
    const { message } = parsed;
    switch (message.type) {
      case 'welcome':
        this.#welcome(message.outputOffsetBytes, message.factSeq);
        return;
      case 'fact.ack':
        this.#facts.acked(message.factSeq);
        this.#settleWhenDone();
        return;
      case 'resize':
        this.#pty.resize(message.size);
        this.#screen.resize(message.size);
        return;
      case 'input.discard':
        this.#say({ type: 'input.at', inputOffsetBytes: this.#input.giveBack() });
        return;
      case 'screen.request':
        void this.#showScreen();
        return;
      case 'close':
        this.end();
        return;
    }
  }

  receiveBytes(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) {
      this.#options.cut(`frame ${decoded.reason}`);
      return;
    }
    const { frame } = decoded;
    switch (frame.kind) {
      case FrameKind.input:
        this.#input.take(frame);
        return;
      case FrameKind.credit:
        if (this.#welcomed) this.#sender.credit(frame.offsetBytes);
        return;
      case FrameKind.free:
        this.#ring.free(Math.min(frame.offsetBytes, this.#sender.sentBytes));
        this.#settleWhenDone();
        this.#steer();
        return;
      case FrameKind.output:
      case FrameKind.outputAck:
      case FrameKind.inputAck:
        this.#options.cut('a frame of the wrong direction');
        return;
    }
  }

  #welcome(outputOffsetBytes: number, factSeq: number): void {
    if (outputOffsetBytes < this.#ring.startBytes || outputOffsetBytes > this.#ring.endBytes) {
      this.#options.cut('output asked for that is not here');
      return;
    }
    this.#welcomed = true;
    this.#sender.restart(outputOffsetBytes);
    this.#facts.restart(factSeq);
    this.#flushFacts();
    this.#settleWhenDone();
    // By this the relay knows how far away we are.
    this.#input.confirmNow();
  }

  #received(bytes: Uint8Array): void {
    this.#output.push(bytes);
    this.#sender.appended(false);
    this.#flushFacts();
    this.#steer();
    if (!this.#paused) this.#output.releaseSoon();
  }

  #exited(exit: PtyExit): void {
    this.#output.end(exit.exitCode);
    this.#exit = exit;
    const fact: SessionFact = { fact: 'exited', ...exit, outputEndBytes: this.#ring.endBytes };
    this.#facts.add(this.#options.clock.now(), fact);
    this.#sender.appended(true);
    this.#flushFacts();
    this.#options.exited(exit);
  }

  #flushFacts(): void {
    if (!this.#welcomed) return;
    // `exited` promises that all output is before it.
    const mayPass = (fact: SessionFact): boolean =>
      fact.fact !== 'exited' || this.#sender.sentBytes >= fact.outputEndBytes;
    for (const fact of this.#facts.take(mayPass)) this.#say({ type: 'fact', ...fact });
  }

  #settleWhenDone(): void {
    const { ackedSeq, lastSeq } = this.#facts;
    if (this.#settled || this.#exit === null || ackedSeq < lastSeq || this.#ring.sizeBytes > 0) return;
    this.#settled = true;
    this.#options.settled();
  }

  #steer(): void {
    const backlog = this.#wire !== null && this.#sender.unsentBytes >= UNSENT_LIMIT_BYTES;
    const full = this.#ring.sizeBytes >= this.#options.ringLimitBytes;
    const pause = backlog || full || this.#screen.isBehind;
    if (pause === this.#paused) return;
    this.#paused = pause;
    if (pause) this.#pty.pause();
    else {
      this.#pty.resume();
      this.#output.releaseSoon();
    }
  }

  // Recorded nowhere and no output: a picture of what was sent, for a console that has too much to catch up with.
  async #showScreen(): Promise<void> {
    const wire = this.#wire;
    const picture = await this.#screen.picture();
    if (wire === null || wire !== this.#wire) return;
    this.#say({
      type: 'screen',
      picture: picture === null ? null : { ...picture, data: toBase64(picture.data) },
    });
  }

  #say(message: AgentToTerminal): void {
    this.#wire?.send(JSON.stringify(message));
  }
}
