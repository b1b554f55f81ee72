import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { waitFor } from './wait-for.ts';

/** One line of a program's log. */
export interface LoggedEvent {
  readonly event: string;
  /** Epoch ms, by the program's own clock. */
  readonly atMs: number;
  readonly surface?: string;
}

/** An Electron application that runs as its user runs it: nothing is attached to it, its log tells what it did when. */
export class PlainProgram {
  readonly startedAtMs = Date.now();
  readonly #child: ChildProcess;
  readonly #events: LoggedEvent[] = [];
  #debuggingPort: number | null = null;

  /** @param env besides the environment of this process */
  constructor(executable: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(executable, args, {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
    const { stderr } = this.#child;
    if (stderr === null) throw new Error('no log');
    createInterface({ input: stderr }).on('line', (line) => {
      const port = /^DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(line)?.[1];
      if (port !== undefined) this.#debuggingPort = Number(port);
      if (!line.startsWith('{')) return;
      const { at, ...event } = JSON.parse(line) as { event: string; at: string };
      this.#events.push({ ...event, atMs: Date.parse(at) });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** When the nth window of that surface stood on the screen, counted from 1. */
  async shown(surface: string, nth = 1): Promise<number> {
    const { atMs } = await this.#nth(
      (event) => event.event === 'window.shown' && event.surface === surface,
      nth,
    );
    return atMs;
  }

  /** Where it was started with `--remote-debugging-port=0`. */
  debuggingPort(): Promise<number> {
    return waitFor('the debugging port', () => this.#debuggingPort);
  }

  say(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  async dispose(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    this.#child.kill('SIGTERM');
    await gone;
    clearTimeout(force);
  }

  #nth(is: (event: LoggedEvent) => boolean, nth: number): Promise<LoggedEvent> {
    return waitFor('the window', () => {
      if (this.#child.exitCode !== null) throw new Error('the program ended');
      return this.#events.filter(is)[nth - 1];
    });
  }
}
