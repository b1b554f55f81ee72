// For the agent's own tests: a TerminalSession with a real shell in a real pty, and beside it the relay's end
// of the session socket as plain calls. It does what the protocol lets a relay do, and keeps what it heard.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  AgentToTerminal,
  type ScreenPicture,
  type SessionFact,
} from '#protocol/control/agent-to-terminal.ts';
import type { TerminalToAgent } from '#protocol/control/terminal-to-agent.ts';
import { decodeFrame, encodeFrame, FrameKind, unseenPart } from '#protocol/frame/frame.ts';
import { systemClock, type Clock } from '../clock.ts';
import type { PtyExit } from '../pty/pty-process.ts';
import { startPty } from '../pty/pty-process.ts';
import { asksForSecret } from '../pty/terminal-echo.ts';
import { TerminalSession } from '../pty/terminal-session.ts';
import { prepareShell } from '../shell-integration/shell-launch.ts';

export interface DrivenSessionOptions {
  readonly shell?: string;
  /** The home folder's .profile. */
  readonly profile?: string;
  /** All files of the home folder, in place of .profile. */
  readonly files?: Readonly<Record<string, string>>;
  /** Added to the environment that a login would set up. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly ringLimitBytes?: number;
  /** How far credit runs ahead of the output received. */
  readonly windowBytes?: number;
  /** Frees output as soon as it was received. */
  readonly frees?: boolean;
}

const SIZE = { cols: 200, rows: 50 };
const WAIT_MS = 20_000;
/** A look at the terminal is waited for however long it takes: on a busy machine the agent's patience would decide. */
const PATIENT: Clock = { ...systemClock, timer: () => () => undefined };

export class DrivenSession {
  readonly home = mkdtempSync(join(tmpdir(), 'agent-test-'));
  readonly session: TerminalSession;
  readonly nonce: string | null;
  readonly facts: SessionFact[] = [];
  readonly hellos: Extract<AgentToTerminal, { type: 'hello' }>[] = [];
  readonly cuts: string[] = [];
  readonly pictures: (ScreenPicture | null)[] = [];
  readonly #options: DrivenSessionOptions;
  readonly #chunks: Uint8Array[] = [];
  #receivedBytes = 0;
  #connection = 0;
  #inputSentBytes = 0;
  #factSeq = 0;
  #grants = true;
  inputAckedBytes = 0;
  inputAcks = 0;
  inputGivenBackTo: number | null = null;
  exit: PtyExit | null = null;
  settled = false;
  loaded = false;

  constructor(options: DrivenSessionOptions = {}) {
    this.#options = options;
    const files = options.files ?? { '.profile': options.profile ?? "PS1='$ '\n" };
    for (const [name, text] of Object.entries(files)) {
      const file = join(this.home, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const environment = {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: this.home,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      ...options.environment,
    };
    const prepared = prepareShell(
      {
        shell: options.shell ?? '/bin/bash',
        home: this.home,
        environment,
        folder: join(this.home, '.shells'),
      },
      systemClock,
    );
    this.nonce = prepared.markNonce;
    this.session = new TerminalSession({
      clock: systemClock,
      size: SIZE,
      ringLimitBytes: options.ringLimitBytes ?? 1024 * 1024,
      markNonce: prepared.markNonce,
      shell: prepared.launch.file,
      user: 'tester',
      start: (events) => startPty(prepared.launch, SIZE, systemClock, events),
      asksForSecret: (terminal) => asksForSecret(terminal, PATIENT),
      loaded: () => {
        prepared.cleanUp();
        this.loaded = true;
      },
      cut: (reason) => this.cuts.push(reason),
      settled: () => (this.settled = true),
      exited: (exit) => (this.exit = exit),
    });
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  output(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** As a person would read it: without bracketed paste's switches. */
  text(): string {
    // oxlint-disable-next-line no-control-regex
    const switches = /\u001b\[\?2004[hl]\r?/g;
    return this.output().toString('utf8').replaceAll(switches, '').replaceAll(/\r+\n/g, '\n');
  }

  /** A new data socket; the relay goes on where it was. */
  connect(grants = true): void {
    this.#connection += 1;
    this.#grants = grants;
    const connection = this.#connection;
    this.session.attach({
      send: (message) => {
        // As of a socket: what is sent on one that was replaced never arrives.
        if (connection === this.#connection) setImmediate(() => this.#receive(connection, message));
      },
    });
  }

  /** The socket breaks: what was on its way is lost. */
  cutNow(): void {
    this.#connection += 1;
    this.session.detach();
  }

  credit(limitBytes: number): void {
    this.session.receiveBytes(encodeFrame(FrameKind.credit, limitBytes));
  }

  free(offsetBytes: number): void {
    this.session.receiveBytes(encodeFrame(FrameKind.free, offsetBytes));
  }

  say(message: TerminalToAgent): void {
    this.session.receiveText(JSON.stringify(message));
  }

  type(text: string): void {
    const bytes = Buffer.from(text);
    this.inputAt(this.#inputSentBytes, bytes);
    this.#inputSentBytes += bytes.length;
  }

  inputAt(offsetBytes: number, bytes: Uint8Array): void {
    this.session.receiveBytes(encodeFrame(FrameKind.input, offsetBytes, bytes));
  }

  /** Types a line and waits until the shell told its end, and for its output, which may come a moment later. */
  async run(line: string): Promise<void> {
    const before = this.finished().length;
    this.type(`${line}\r`);
    await this.until(() => this.finished().length > before, `the end of ${line}`);
    const { outputEndBytes = null } = this.finished().at(-1) ?? {};
    if (outputEndBytes !== null)
      await this.until(() => this.receivedBytes >= outputEndBytes, `the output of ${line}`);
  }

  commands(): Extract<SessionFact, { fact: 'command.started' }>[] {
    return this.facts.filter((fact) => fact.fact === 'command.started');
  }

  finished(): Extract<SessionFact, { fact: 'command.finished' }>[] {
    return this.facts.filter((fact) => fact.fact === 'command.finished');
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!condition()) {
      if (Date.now() > deadline)
        throw new Error(`waited for ${what}; output ends:\n${this.text().slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async prompt(): Promise<void> {
    await this.until(() => this.text().endsWith('$ '), 'a prompt');
  }

  async dispose(): Promise<void> {
    this.session.dispose();
    await this.until(() => this.exit !== null, 'the end of the shell');
    rmSync(this.home, { recursive: true, force: true });
  }

  #receive(connection: number, message: string | Uint8Array): void {
    if (connection !== this.#connection) return;
    if (typeof message === 'string') this.#receiveText(message);
    else this.#receiveBytes(message);
  }

  #receiveText(text: string): void {
    const message = AgentToTerminal.parse(JSON.parse(text));
    if (message.type === 'hello') {
      this.hellos.push(message);
      this.say({ type: 'welcome', outputOffsetBytes: this.#receivedBytes, factSeq: this.#factSeq });
      this.#grant();
      return;
    }
    if (message.type === 'input.at') {
      this.#inputSentBytes = message.inputOffsetBytes;
      this.inputGivenBackTo = message.inputOffsetBytes;
      return;
    }
    if (message.type === 'screen') {
      this.pictures.push(message.picture);
      return;
    }
    if (message.factSeq !== this.#factSeq + 1)
      throw new Error(`fact ${message.factSeq} after ${this.#factSeq}`);
    this.#factSeq = message.factSeq;
    const { fact } = message;
    if (fact.fact === 'exited' && fact.outputEndBytes !== this.#receivedBytes) {
      throw new Error(`exited promised ${fact.outputEndBytes} bytes, ${this.#receivedBytes} came`);
    }
    this.facts.push(fact);
    this.say({ type: 'fact.ack', factSeq: message.factSeq });
  }

  #receiveBytes(bytes: Uint8Array): void {
    const decoded = decodeFrame(bytes);
    if (!decoded.ok) throw new Error(decoded.reason);
    const { frame } = decoded;
    if (frame.kind === FrameKind.inputAck) {
      this.inputAckedBytes = frame.offsetBytes;
      this.inputAcks += 1;
      return;
    }
    const part = unseenPart(this.#receivedBytes, frame.offsetBytes, frame.payload);
    if (part.state === 'gap') throw new Error(`gap: ${frame.offsetBytes} after ${this.#receivedBytes}`);
    if (part.state === 'duplicate') return;
    this.#chunks.push(part.payload.slice());
    this.#receivedBytes += part.payload.length;
    if (this.#options.frees !== false) this.free(this.#receivedBytes);
    this.#grant();
  }

  #grant(): void {
    if (this.#grants) this.credit(this.#receivedBytes + (this.#options.windowBytes ?? 256 * 1024));
  }
}
