import type { SessionFact } from '#protocol/control/agent-to-terminal.ts';
import { TerminalToAgent } from '#protocol/control/terminal-to-agent.ts';
import { decodeFrame, encodeFrame, FrameKind, unseenPart } from '#protocol/frame/frame.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import { ProveSocket } from '../attack/prove-socket.ts';

/** What a session's shell would print, and what is typed into it. All output can be read again at any time. */
export interface LightProgram {
  readonly availableBytes: () => number;
  readonly read: (fromBytes: number, toBytes: number) => Uint8Array;
  readonly typed: (bytes: Uint8Array, offsetBytes: number) => void;
  readonly facts: readonly SessionFact[];
}

export interface LightSessionOptions {
  readonly url: string;
  readonly program: LightProgram;
  /** The data socket is gone: ask for another ticket. */
  readonly onLost: () => void;
  readonly onReceived: (text: string) => void;
  /** Added to every message: what a hostile agent would smuggle. */
  readonly smuggled: () => Readonly<Record<string, unknown>>;
}

const CHUNK_BYTES = 16 * 1024;

/** A session without a pty: keeps to the protocol's offsets, credit and facts as the real agent does. */
export class LightSession {
  readonly #options: LightSessionOptions;
  readonly #facts: SessionFact[];
  #socket: ProveSocket | null = null;
  #welcomed = false;
  #sentBytes = 0;
  #limitBytes = 0;
  #typedBytes = 0;
  #sentFacts = 0;
  #endBytes: number | null = null;
  #over = false;

  constructor(options: LightSessionOptions) {
    this.#options = options;
    this.#facts = [...options.program.facts];
  }

  get typedBytes(): number {
    return this.#typedBytes;
  }

  async attach(ticket: string): Promise<void> {
    const socket = await ProveSocket.dial({
      url: `${this.#options.url}/v1/agent/terminal`,
      headers: { Authorization: `Ticket ${ticket}` },
      onReceived: this.#options.onReceived,
    });
    if (!(socket instanceof ProveSocket)) return this.#options.onLost();
    const before = this.#socket;
    this.#socket = socket;
    this.#welcomed = false;
    before?.cut();
    socket.listen((text, isBinary) => (isBinary ? this.#frame(text) : this.#message(text)));
    void socket.ended.then(() => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#welcomed = false;
      if (!this.#over) this.#options.onLost();
    });
    socket.send({
      type: 'hello',
      protocolVersion: PROTOCOL_VERSION,
      outputStartBytes: 0,
      outputEndBytes: this.#availableBytes(),
      inputOffsetBytes: this.#typedBytes,
      ...this.#options.smuggled(),
    });
  }

  /** The program has printed more. */
  pump(): void {
    const socket = this.#socket;
    if (socket === null || !this.#welcomed) return;
    const end = this.#availableBytes();
    while (this.#sentBytes < Math.min(end, this.#limitBytes)) {
      const to = Math.min(end, this.#limitBytes, this.#sentBytes + CHUNK_BYTES);
      socket.sendBytes(
        encodeFrame(FrameKind.output, this.#sentBytes, this.#options.program.read(this.#sentBytes, to)),
      );
      this.#sentBytes = to;
    }
    while (this.#sentFacts < this.#facts.length) {
      const fact = this.#facts[this.#sentFacts];
      if (fact === undefined || (fact.fact === 'exited' && this.#sentBytes < fact.outputEndBytes)) return;
      this.#sentFacts += 1;
      this.sayFact(this.#sentFacts, fact);
    }
  }

  /** Says a fact, also one that was said before. */
  sayFact(factSeq: number, fact: SessionFact | undefined = this.#facts[factSeq - 1]): void {
    this.#socket?.send({ type: 'fact', factSeq, at: Date.now(), fact, ...this.#options.smuggled() });
  }

  /** Answers to what the relay may ask, also unasked: where its input stands, and that it makes no screens. */
  sayInputAt(): void {
    this.#socket?.send({ type: 'input.at', inputOffsetBytes: this.#typedBytes, ...this.#options.smuggled() });
  }

  sayScreen(): void {
    this.#socket?.send({ type: 'screen', picture: null, ...this.#options.smuggled() });
  }

  /** The data socket breaks; the session asks for another ticket. */
  cut(): void {
    this.#socket?.cut();
  }

  end(): void {
    if (this.#endBytes !== null) return;
    this.#endBytes = this.#options.program.availableBytes();
    this.#facts.push({ fact: 'exited', exitCode: 0, signal: null, outputEndBytes: this.#endBytes });
    this.pump();
  }

  dispose(): void {
    this.#over = true;
    this.#socket?.cut();
  }

  #availableBytes(): number {
    return this.#endBytes ?? this.#options.program.availableBytes();
  }

  #message(text: string): void {
    const message = TerminalToAgent.parse(JSON.parse(text));
    if (message.type === 'close') this.end();
    if (message.type === 'input.discard') this.sayInputAt();
    if (message.type === 'screen.request') this.sayScreen();
    if (message.type === 'fact.ack' && this.#endBytes !== null && message.factSeq >= this.#facts.length) {
      this.dispose();
    }
    if (message.type !== 'welcome') return;
    this.#welcomed = true;
    this.#sentBytes = message.outputOffsetBytes;
    this.#limitBytes = message.outputOffsetBytes;
    this.#sentFacts = message.factSeq;
    this.pump();
  }

  #frame(latin1: string): void {
    const decoded = decodeFrame(Buffer.from(latin1, 'latin1'));
    if (!decoded.ok) throw new Error(`the relay sent an agent no frame: ${decoded.reason}`);
    const { kind, offsetBytes, payload } = decoded.frame;
    if (kind === FrameKind.credit) {
      this.#limitBytes = Math.max(this.#limitBytes, offsetBytes);
      this.pump();
    }
    if (kind !== FrameKind.input) return;
    const part = unseenPart(this.#typedBytes, offsetBytes, payload);
    if (part.state === 'gap') throw new Error(`input is missing: ${this.#typedBytes}..${offsetBytes}`);
    if (part.state === 'new') {
      this.#options.program.typed(part.payload, this.#typedBytes);
      this.#typedBytes += part.payload.length;
    }
    this.#socket?.sendBytes(encodeFrame(FrameKind.inputAck, this.#typedBytes));
  }
}
