import { spawn } from '@lydell/node-pty';
import type * as Headless from '@xterm/headless';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import { safeWriter } from '#protocol/output/safe-writer.ts';
import { wholeCharacters } from '#protocol/output/whole-characters.ts';
import type { TestMachine } from './small-system.ts';
import { openScreen, screenDifferences, screenText } from './screen.ts';
import { waitFor } from './wait-for.ts';
import type { WorkspacePeer } from './workspace-peer.ts';

const QUIET_MS = 120;
const KEYS_EVERY_MS = 1000;
const LIMIT_MS = 6000;

/** The same shell twice: in a session through agent and relay, and in a terminal of this machine. */
export class ScreenTwins {
  readonly remote: Headless.Terminal;
  readonly local: Headless.Terminal;
  readonly #toRemote: (text: string) => void;
  readonly #toLocal: (text: string) => void;
  readonly #resizeBoth: (size: TerminalSize) => void;
  readonly dispose: () => void;
  #lastOutputMs = performance.now();

  private constructor(
    screens: { remote: Headless.Terminal; local: Headless.Terminal },
    toRemote: (text: string) => void,
    toLocal: (text: string) => void,
    resizeBoth: (size: TerminalSize) => void,
    dispose: () => void,
  ) {
    this.remote = screens.remote;
    this.local = screens.local;
    this.#toRemote = toRemote;
    this.#toLocal = toLocal;
    this.#resizeBoth = resizeBoth;
    this.dispose = dispose;
    // What a program asks of its terminal is answered, as by a console.
    this.remote.onData(toRemote);
    this.local.onData(toLocal);
    for (const screen of [this.remote, this.local]) {
      screen.onWriteParsed(() => {
        this.#lastOutputMs = performance.now();
      });
    }
  }

  static async open(
    workspace: WorkspacePeer,
    machine: TestMachine,
    environment: Readonly<Record<string, string>>,
    size: TerminalSize,
  ): Promise<ScreenTwins> {
    const screens = { remote: openScreen(size), local: openScreen(size) };
    const write = safeWriter(screens.remote);
    const session = await workspace.openTerminal(machine.machineId, {
      size,
      onOutput: (bytes) => write(bytes),
    });
    const pty = spawn('/bin/bash', ['--login'], {
      ...size,
      name: 'xterm-256color',
      cwd: machine.home,
      env: { ...environment, TERM: 'xterm-256color', COLORTERM: 'truecolor', HOME: machine.home },
      encoding: null,
    });
    const whole = wholeCharacters();
    pty.onData((data) => screens.local.write(whole(data as unknown as Uint8Array)));
    return new ScreenTwins(
      screens,
      (text) => session.type(text),
      (text) => pty.write(text),
      (next) => {
        screens.remote.resize(next.cols, next.rows);
        session.resize(next);
        screens.local.resize(next.cols, next.rows);
        pty.resize(next.cols, next.rows);
      },
      () => {
        session.dispose();
        pty.kill('SIGKILL');
        for (const screen of Object.values(screens)) screen.dispose();
      },
    );
  }

  type(text: string): void {
    this.#toRemote(text);
    this.#toLocal(text);
  }

  resize(size: TerminalSize): void {
    this.#resizeBoth(size);
  }

  /** Until nothing has been drawn for a moment. */
  async quiet(): Promise<void> {
    await waitFor('quiet screens', () => this.#isQuiet());
  }

  /**
   * Until both screens show the text and are the same, and nothing has been drawn for a moment.
   * @param keys typed at once and every second: programs drop keys that come with a new size
   * @returns in what they differ after some seconds; none when they do not
   */
  async settled(shown: string | RegExp, keys = ''): Promise<string[]> {
    let typedMs = -Infinity;
    const shows = (screen: Headless.Terminal): boolean => {
      const text = screenText(screen);
      return typeof shown === 'string' ? text.includes(shown) : shown.test(text);
    };
    const bothShow = () => shows(this.remote) && shows(this.local);
    const settled = () => {
      if (keys !== '' && performance.now() - typedMs > KEYS_EVERY_MS) {
        typedMs = performance.now();
        this.type(keys);
        return false;
      }
      return this.#isQuiet() && bothShow() && screenDifferences(this.remote, this.local).length === 0;
    };
    await waitFor(`${String(shown)} on both screens`, settled, LIMIT_MS).catch((error: unknown) => {
      if (bothShow()) return;
      const screens = `through the relay:\n${screenText(this.remote)}\nlocal:\n${screenText(this.local)}`;
      throw new Error(screens, { cause: error });
    });
    return screenDifferences(this.remote, this.local);
  }

  #isQuiet(): boolean {
    return performance.now() - this.#lastOutputMs > QUIET_MS;
  }
}
