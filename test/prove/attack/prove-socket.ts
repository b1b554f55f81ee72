import { WebSocket } from 'ws';
import { z } from 'zod';
import { errorOfCloseCode } from '#protocol/errors.ts';

/** The end of a socket. `code`: the error table's, else the number; `lost`: the relay or the network went away. */
export type Ending =
  | { readonly kind: 'closed'; readonly code: string; readonly told: string }
  | { readonly kind: 'http'; readonly code: string; readonly told: string }
  | { readonly kind: 'lost' };

export interface ProveSocketOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Every message and frame that arrives, frames as Latin-1. */
  readonly onReceived?: (text: string) => void;
}

type Listener = (text: string, isBinary: boolean) => void;

/** A WebSocket client that sends what it is told, keeps to no rule of ours and never comes back by itself. */
export class ProveSocket {
  readonly #socket: WebSocket;
  readonly #listeners = new Set<Listener>();
  readonly #backlog: [string, boolean][] = [];
  readonly ended: Promise<Ending>;
  #told = '';
  #open = true;

  private constructor(socket: WebSocket, options: ProveSocketOptions) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : []);
      const text = bytes.toString(isBinary ? 'latin1' : 'utf8');
      options.onReceived?.(text);
      if (!isBinary && text.startsWith('{"type":"closing"')) this.#told = text;
      if (this.#listeners.size === 0) this.#backlog.push([text, isBinary]);
      for (const listener of this.#listeners) listener(text, isBinary);
    });
    this.ended = new Promise((resolve) => {
      socket.on('error', () => {});
      socket.on('close', (code) => {
        this.#open = false;
        if (code === 1006) resolve({ kind: 'lost' });
        else resolve({ kind: 'closed', code: errorOfCloseCode(code) ?? String(code), told: this.#told });
      });
    });
  }

  /** @returns the open socket, or how it ended before it was one */
  static dial(options: ProveSocketOptions): Promise<ProveSocket | Ending> {
    const socket = new WebSocket(options.url.replace(/^http/, 'ws'), {
      headers: { ...options.headers },
      perMessageDeflate: false,
    });
    const dialled = new ProveSocket(socket, options);
    return new Promise((resolve) => {
      socket.once('open', () => resolve(dialled));
      socket.once('error', () => resolve({ kind: 'lost' }));
      socket.once('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (part: Buffer) => {
          body += part.toString();
        });
        response.on('error', () => resolve({ kind: 'lost' }));
        response.on('end', () => {
          options.onReceived?.(body);
          resolve(refusalOf(response.statusCode ?? 0, body));
        });
      });
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  send(message: unknown): void {
    if (this.#open) this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  sendBytes(bytes: Uint8Array): void {
    if (this.#open) this.#socket.send(bytes);
  }

  /** Hears everything; what came before anyone listened goes to all who begin together. @returns what stops it */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    queueMicrotask(() => {
      for (const [text, isBinary] of this.#backlog.splice(0)) {
        for (const one of this.#listeners) one(text, isBinary);
      }
    });
    return () => this.#listeners.delete(listener);
  }

  /** The first message that fits, or how the socket ended before it came. */
  next(fits: (text: string) => boolean): Promise<string | Ending> {
    return new Promise((resolve) => {
      const stop = this.listen((text, isBinary) => {
        if (isBinary || !fits(text)) return;
        stop();
        resolve(text);
      });
      void this.ended.then((ending) => {
        stop();
        resolve(ending);
      });
    });
  }

  /** As a process that dies. */
  cut(): void {
    this.#socket.terminate();
  }
}

const HttpRefusal = z.object({ error: z.looseObject({ code: z.string() }) });

/** A relay under load refuses sockets before it opens them. It says the same then. */
function refusalOf(status: number, body: string): Ending {
  const parsed = HttpRefusal.safeParse(safeJson(body));
  if (!parsed.success) return { kind: 'http', code: String(status), told: body };
  const { error } = parsed.data;
  return { kind: 'closed', code: error.code, told: JSON.stringify({ type: 'closing', error }) };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
