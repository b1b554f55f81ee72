import { once } from 'node:events';
import { WebSocket } from 'ws';
import { waitFor } from './wait-for.ts';

/** A page that Chromium's debugging port lists. */
interface Target {
  readonly id: string;
  readonly url: string;
  readonly webSocketDebuggerUrl: string;
}

const MODIFIERS = { Alt: 1, Control: 2, Meta: 4, Shift: 8 } as const;

/** Of these keys only: what the benches press. */
const KEYS = {
  Enter: { code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
  KeyA: { code: 'KeyA', windowsVirtualKeyCode: 65, key: 'a' },
  KeyK: { code: 'KeyK', windowsVirtualKeyCode: 75, key: 'K' },
  KeyO: { code: 'KeyO', windowsVirtualKeyCode: 79, key: 'O' },
} as const;

/**
 * A page driven through Chromium's own protocol, and let go of again: while nobody holds it, no debugger is attached
 * anywhere in the console. Playwright stays attached to every page from before it loads, which costs time and memory.
 */
export class PageHold {
  readonly targetId: string;
  readonly #socket: WebSocket;
  readonly #answers = new Map<number, (answer: { result?: unknown; error?: unknown }) => void>();
  #asked = 0;

  private constructor(socket: WebSocket, targetId: string) {
    this.targetId = targetId;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const { id, ...answer } = JSON.parse(data.toString()) as { id?: number };
      this.#answers.get(id ?? 0)?.(answer);
    });
  }

  /** @param file the page's file name; @param not pages that are known already */
  static async take(port: number, file: string, not: ReadonlySet<string> = new Set()): Promise<PageHold> {
    const { id, webSocketDebuggerUrl } = await waitFor(`the page ${file}`, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
      const targets = (await answer.json()) as readonly Target[];
      return targets.find((target) => target.url.endsWith(file) && !not.has(target.id));
    });
    const hold = await PageHold.#attach(id, webSocketDebuggerUrl);
    await hold.#ask('Emulation.setFocusEmulationEnabled', { enabled: true });
    return hold;
  }

  /** Attached only, to look: a page that is taken believes itself seen, this one knows what it is. */
  static look(port: number, targetId: string): Promise<PageHold> {
    return PageHold.#attach(targetId, `ws://127.0.0.1:${port}/devtools/page/${targetId}`);
  }

  static async #attach(id: string, url: string): Promise<PageHold> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    return new PageHold(socket, id);
  }

  /** The value of an expression, awaited where it is a promise. */
  async evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.#ask('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value: T }; exceptionDetails?: { text: string } };
    if (exceptionDetails !== undefined) throw new Error(`${exceptionDetails.text}: ${expression}`);
    return result.value;
  }

  /** Until the expression is true. */
  async until(what: string, expression: string): Promise<void> {
    await waitFor(what, () => this.evaluate<boolean>(expression));
  }

  /** `Control+Shift+KeyO` */
  async press(chord: string): Promise<void> {
    const names = chord.split('+');
    const key = KEYS[names.pop() as keyof typeof KEYS];
    const modifiers = names.reduce((sum, name) => sum + MODIFIERS[name as keyof typeof MODIFIERS], 0);
    const event = { key: key.code, ...key, modifiers };
    await this.#ask('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
    await this.#ask('Input.dispatchKeyEvent', { type: 'keyUp', ...event, text: undefined });
  }

  /** Into what has the focus, in place of what stands there. */
  async fill(text: string): Promise<void> {
    await this.evaluate('document.activeElement.select?.()');
    await this.insert(text);
  }

  async insert(text: string): Promise<void> {
    await this.#ask('Input.insertText', { text });
  }

  async letGo(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  async #ask(method: string, params: object): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    const answered = new Promise<{ result?: unknown; error?: unknown }>((resolve) => {
      this.#answers.set(id, resolve);
    });
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await answered;
    this.#answers.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }
}
