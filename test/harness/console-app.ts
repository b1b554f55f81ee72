import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { _electron } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { PAGES } from '#contract/ipc.ts';
import type { Surface } from '#contract/ipc.ts';
import { waitFor } from './wait-for.ts';

const LAUNCH_LIMIT_MS = 30_000;
const LAUNCHER = join(import.meta.dirname, 'launch-shown.sh');

export interface ConsoleOptions {
  readonly executable: string;
  readonly configFile: string;
  /** Settings, partitions, lock of the single instance. */
  readonly userDataDir: string;
  /** Further arguments, such as a link. */
  readonly args?: readonly string[];
  /** Everything that the console and its main process print. */
  readonly onOutput?: (text: string) => void;
}

/** The real console application, driven by Playwright with Chromium's sandbox on. */
export class ConsoleApp {
  readonly application: ElectronApplication;
  readonly #options: ConsoleOptions;

  private constructor(application: ElectronApplication, options: ConsoleOptions) {
    this.application = application;
    this.#options = options;
  }

  static async launch(options: ConsoleOptions): Promise<ConsoleApp> {
    const application = await _electron.launch({
      executablePath: LAUNCHER,
      env: { ...environment(), CAISEY_CONSOLE: options.executable },
      args: [...ConsoleApp.#arguments(options), ...(options.args ?? [])],
      chromiumSandbox: true,
      // Playwright's own default is light; the pictures of the documents are dark.
      colorScheme: 'dark',
      timeout: LAUNCH_LIMIT_MS,
    });
    const output = application.process();
    for (const stream of [output.stdout, output.stderr]) {
      stream?.on('data', (chunk: Buffer) => options.onOutput?.(chunk.toString()));
    }
    return new ConsoleApp(application, options);
  }

  static #arguments({ userDataDir, configFile }: ConsoleOptions): string[] {
    return [`--user-data-dir=${userDataDir}`, `--config=${configFile}`];
  }

  /** All open pages of one surface, oldest first. */
  pages(surface: Surface): readonly Page[] {
    return this.application.windows().filter((page) => page.url().includes(`/${PAGES[surface]}`));
  }

  /** The launcher, once it takes keys: its list is there and its field has the focus. */
  async launcher(): Promise<Page> {
    const page = await waitFor('the launcher', () => this.pages('launcher')[0]);
    await page.locator('[role="option"], [role="status"]').first().waitFor();
    await waitFor('the launcher to take keys', () =>
      page.evaluate(() => document.activeElement instanceof HTMLInputElement),
    );
    return page;
  }

  /** The workspace window whose header shows this client. */
  workspace(name: string): Promise<Page> {
    return waitFor(`the window of ${name}`, async () => {
      for (const page of this.pages('workspace')) {
        const header = await page
          .getByTestId('workspace-header')
          .textContent({ timeout: 2000 })
          .catch(() => null);
        if (header?.includes(name) === true) return page;
      }
      return undefined;
    });
  }

  pasteWarning(): Promise<Page> {
    return waitFor('the paste warning', () => this.pages('paste')[0]);
  }

  /** Follow a link the way the desktop does: it starts the application again with the link as an argument. */
  async followLink(link: string): Promise<void> {
    const second = spawn(this.#options.executable, [...ConsoleApp.#arguments(this.#options), link], {
      stdio: 'ignore',
    });
    await once(second, 'exit');
  }

  titleOf(page: Page): Promise<string> {
    return this.application
      .browserWindow(page)
      .then((window) => window.evaluate((native) => native.getTitle()));
  }

  /** Put text into the clipboard as another program would. */
  async copyOutside(text: string): Promise<void> {
    await this.application.evaluate(async ({ clipboard }, copied) => {
      await clipboard.writeText(copied);
    }, text);
  }

  /** As `kill -9`, or a laptop that loses power. */
  async kill(): Promise<void> {
    const child = this.application.process();
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async dispose(): Promise<void> {
    await this.application.close().catch(() => {});
  }
}

function environment(): Record<string, string> {
  const set = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(set);
}
