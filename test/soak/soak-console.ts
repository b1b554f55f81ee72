import { WebSocket } from 'ws';
import type { MachineId, SessionId } from '#protocol/ids.ts';
import { LiveSockets } from '../../renderer/connection/live-sockets.ts';
import { RelayClient } from '../../renderer/connection/relay-client.ts';
import type { RelayState } from '../../renderer/connection/relay-client.ts';
import type { OpenSocket } from '../../renderer/connection/socket.ts';
import { TerminalClient } from '../../renderer/connection/terminal-client.ts';
import type { TerminalState } from '../../renderer/connection/terminal-line.ts';
import { systemTimers } from '../../renderer/connection/system-timers.ts';
import { waitFor } from '../harness/wait-for.ts';

export interface SoakConsoleOptions {
  /** The line to the relay. */
  readonly relayUrl: string;
  readonly getToken: () => Promise<string>;
}

export interface SoakTerminalEvents {
  /** Offset of the first byte in the session's output. */
  readonly onOutput: (bytes: Uint8Array, offset: number) => void;
  readonly onState?: (state: TerminalState) => void;
}

const SIZE = { cols: 120, rows: 40 };

/** The console's own connection code, without a window around it: what main and the page do for it is done here. */
export class SoakConsole {
  readonly #options: SoakConsoleOptions;
  readonly #relay: RelayClient;
  readonly #terminals: SoakTerminal[] = [];
  readonly #sockets: LiveSockets;
  readonly #webSockets = new Set<WebSocket>();
  #hangs = false;
  #token = '';

  private constructor(options: SoakConsoleOptions) {
    this.#options = options;
    this.#sockets = new LiveSockets(this.#open, systemTimers);
    this.#relay = new RelayClient({
      relayUrl: options.relayUrl,
      device: { installId: 'soak', appVersion: '0.1.0', windowId: 'soak' },
      open: this.#sockets.open,
      timers: systemTimers,
      getToken: async () => {
        const renewed = await this.#renew();
        return renewed ? { ok: true, token: this.#token } : { ok: false, offline: true };
      },
      onState: () => undefined,
      onAnnouncement: () => undefined,
    });
  }

  static async enter(options: SoakConsoleOptions): Promise<SoakConsole> {
    const console = new SoakConsole(options);
    console.#relay.enter('launcher');
    await waitFor('the console to enter', () => console.state.kind === 'entered');
    return console;
  }

  get state(): RelayState {
    return this.#relay.state;
  }

  async openSession(machineId: MachineId): Promise<SessionId> {
    const opened = await waitFor('a session', async () => {
      const answer = await this.#relay.call('session.open', { machineId, size: SIZE });
      return answer.ok ? answer.result : undefined;
    });
    return opened.sessionId;
  }

  attach(machineId: MachineId, sessionId: SessionId, events: SoakTerminalEvents): SoakTerminal {
    const terminal = new SoakTerminal(
      {
        relayUrl: this.#options.relayUrl,
        machineId,
        sessionId,
        size: SIZE,
        open: this.#sockets.open,
        timers: systemTimers,
        getToken: async () => ((await this.#renew()) ? { ok: true } : { ok: false, offline: true }),
      },
      events,
    );
    this.#terminals.push(terminal);
    return terminal;
  }

  /** True: reads nothing any more, as a process that hangs; what it opens meanwhile stays deaf as well. */
  hang(on: boolean): void {
    this.#hangs = on;
    for (const socket of this.#webSockets) {
      if (on) socket.pause();
      else socket.resume();
    }
  }

  /** As a process that dies: nobody is told. */
  kill(): void {
    for (const terminal of this.#terminals) terminal.kill();
    this.#relay.dispose();
  }

  async #renew(): Promise<boolean> {
    try {
      this.#token = await this.#options.getToken();
      return true;
    } catch {
      return false;
    }
  }

  /** As main does it: the token rides on the upgrade. */
  readonly #open: OpenSocket = (url, handlers) => {
    // Compression is offered, as by a browser.
    const socket = new WebSocket(url, { headers: { Authorization: `Bearer ${this.#token}` } });
    let live = true;
    this.#webSockets.add(socket);
    socket.on('open', () => {
      if (this.#hangs) socket.pause();
      if (live) handlers.opened();
    });
    socket.on('message', (data, isBinary) => {
      if (!live) return;
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(data as Buffer[]);
      if (isBinary) handlers.binary(bytes);
      else handlers.text(bytes.toString('utf8'));
    });
    // A broken line tells itself by `close` as well.
    socket.on('error', () => {});
    socket.on('close', (code) => {
      this.#webSockets.delete(socket);
      if (live) handlers.closed(code);
      live = false;
    });
    return {
      send: (data) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(data);
      },
      close: () => {
        live = false;
        // A browser's close waits for the other side; here the other side may be a line that is dead.
        socket.terminate();
      },
    };
  };
}

/** One attached session: the real client, drawing into nothing. */
export class SoakTerminal {
  readonly #client: TerminalClient;
  #offset = 0;

  constructor(
    options: Omit<
      ConstructorParameters<typeof TerminalClient>[0],
      'onState' | 'onOutput' | 'onSkipped' | 'onCommand'
    >,
    { onOutput, onState = () => undefined }: SoakTerminalEvents,
  ) {
    this.#client = new TerminalClient({
      ...options,
      onState,
      onOutput: (bytes, drawn) => {
        onOutput(bytes, this.#offset);
        this.#offset += bytes.length;
        drawn();
      },
      onSkipped: (bytes) => {
        this.#offset += bytes;
      },
      onCommand: () => undefined,
    });
    this.#client.connect();
  }

  get state(): TerminalState {
    return this.#client.state;
  }

  /** Of the next byte. */
  get offset(): number {
    return this.#offset;
  }

  /** @returns false where the person would be told that it was not taken */
  type(text: string): boolean {
    return this.#client.send(new TextEncoder().encode(text));
  }

  kill(): void {
    this.#client.dispose();
  }
}
