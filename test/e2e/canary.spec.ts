import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { waitFor } from '../harness/wait-for.ts';
import { enterClient, expectOnScreen, openSession, typeLine } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

const pictures = process.env['CAISEY_PICTURES'];
/** Typed and pasted where nothing is echoed: nowhere at all. */
const TYPED = 'kanarie-typed-0815';
const PASTED = 'kanarie-pasted-4711';
/** In a command line, where the screen shows it and the recording of the screen with it: nowhere else. */
const ARGUMENT = 'kanarie-argument-1234';
/** Seen by everybody: what is searched does hold what was typed. */
const SEEN = 'kanarie-seen-by-all';

interface Held {
  readonly path: string;
  readonly bytes: Buffer;
}

async function filesBelow(folder: string): Promise<readonly Held[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const read = await Promise.all(
    // What is gone by now, or is a socket, holds nothing.
    paths.map(async (path) => ({ path, bytes: await readFile(path).catch(() => Buffer.alloc(0)) })),
  );
  return read;
}

/** What a PDF says: in the file itself it is packed. */
async function textOf({ path }: Held): Promise<Held> {
  const { stdout } = await promisify(execFile)('pdftotext', ['-raw', path, '-'], { encoding: 'buffer' });
  return { path: `${path}, its text`, bytes: stdout };
}

const holding = (files: readonly Held[], text: string) =>
  files
    .filter(({ bytes }) => bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')))
    .map(({ path }) => path);

async function ask(page: Page, variable: string, answer: () => Promise<void>): Promise<void> {
  // The prompt in two pieces: the line that is typed does not hold it.
  await typeLine(
    page,
    `read -rsp "your"" ${variable}: " ${variable}; echo; echo ${variable}-$((\${#${variable}} + 1000))`,
  );
  await expectOnScreen(page, `your ${variable}:`);
  await answer();
  await page.keyboard.press('Enter');
}

test('a secret that is typed without echo, pasted, or put into a command line is in no log, export, record or dump', async () => {
  test.setTimeout(90_000);
  let printed = '';
  const { system, console, dispose } = await openStage({
    preferredPort: 19_100,
    log: (line) => {
      printed += `${line}\n`;
    },
  });
  for (const { process: agent } of system.machines) {
    for (const stream of [agent.stdout, agent.stderr])
      stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  }
  const folder = await mkdtemp(join(tmpdir(), 'caisey-canary-'));
  try {
    await console.application.evaluate(({ dialog }, place) => {
      let number = 0;
      dialog.showSaveDialog = (...args: unknown[]) => {
        const { defaultPath } = args.at(-1) as { defaultPath: string };
        const name = `${(number += 1)}-${defaultPath.split(/[/\\]/).at(-1)}`;
        return Promise.resolve({ canceled: false, filePath: `${place}/${name}` });
      };
    }, folder);
    const westside = await enterClient(console, WESTSIDE, people.admin);
    await openSession(westside, 'WEST-FILE-01');

    await ask(westside, 'typed', () => westside.keyboard.type(TYPED));
    await expectOnScreen(westside, `typed-${TYPED.length + 1000}`);
    await console.copyOutside(PASTED);
    await ask(westside, 'pasted', () => westside.keyboard.press('Control+Shift+V'));
    await expectOnScreen(westside, `pasted-${PASTED.length + 1000}`);
    await typeLine(westside, `true --password=${ARGUMENT}`);
    await typeLine(westside, `echo ${SEEN}`);
    await typeLine(westside, 'exit');
    await expect(westside.getByText(/Shell exited|ended/i).first()).toBeVisible();

    // The review shows that something was taken out, and that something was typed which is nowhere.
    await westside.keyboard.press('Control+Shift+E');
    const card = westside.getByRole('option', { name: /on WEST-FILE-01$/ });
    await expect(card).toBeVisible();
    await westside.keyboard.press('Enter');
    await expect.soft(card.getByRole('row', { name: /true --password=\[redacted\]/ })).toBeVisible();
    await expect(card.getByText('2 times, not kept')).toBeVisible();
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/redacted.png` });

    const EXPORTS = [['e'], ['Shift+E'], ['d'], ['Shift+D']] as string[][];
    for (let form = 0; form < 5; form += 1)
      EXPORTS.push(['x', ...Array.from({ length: form }, () => 'ArrowRight'), 'Enter']);
    for (const [index, keys] of EXPORTS.entries()) {
      for (const key of keys) await westside.keyboard.press(key);
      await waitFor('the export', async () => {
        const names = await readdir(folder);
        return names.filter((name) => !name.endsWith('.part') && !name.endsWith('.html.part')).length > index
          ? true
          : undefined;
      });
      await expect(westside.getByText(/exported to|saved as/)).toBeVisible();
    }
    const exports = await filesBelow(folder);
    expect(exports).toHaveLength(EXPORTS.length);
    const casts = exports.filter(({ path }) => path.endsWith('.cast'));
    const shown = (cast: Held) =>
      cast.bytes
        .toString()
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line) as [number, string, string]);
    for (const cast of casts) {
      const events = shown(cast);
      // The screen as it was; nothing of the input, and no mark that says more than the record.
      expect(events.filter(([, kind]) => kind === 'i')).toEqual([]);
      expect
        .soft(JSON.stringify(events.filter(([, kind]) => kind !== 'o')))
        .not.toContain('kanarie-argument');
      expect(events.map(([, kind, text]) => (kind === 'o' ? text : '')).join('')).toContain(SEEN);
    }
    const texts = await Promise.all(exports.filter(({ path }) => path.endsWith('.pdf')).map(textOf));
    for (const secret of [SEEN, '[redacted]']) expect(holding(texts, secret)).toHaveLength(1);
    const others = [...exports.filter((file) => !casts.includes(file)), ...texts];
    for (const secret of [TYPED, PASTED]) expect(holding([...casts, ...others], secret)).toEqual([]);
    expect.soft(holding(others, ARGUMENT)).toEqual([]);
    expect.soft(holding(others, '[redacted]').length).toBeGreaterThanOrEqual(6);

    // A console that crashes leaves no picture of its memory behind.
    const dumps = await console.application.evaluate(({ app }) => app.getPath('crashDumps'));
    const userData = await console.application.evaluate(({ app }) => app.getPath('userData'));
    const native = await console.application.browserWindow(westside);
    const gone = native.evaluate(
      ({ webContents }) =>
        new Promise<void>((resolve) => {
          webContents.once('render-process-gone', () => resolve());
          webContents.forcefullyCrashRenderer();
        }),
    );
    await gone;
    const left = await filesBelow(dumps);
    expect(left.filter(({ path }) => /\.(?:dmp|core)$/.test(path))).toEqual([]);

    // Databases with their logs, what the relay printed, the agents' state; not the machine's own home.
    const kept = (await filesBelow(system.stateDir)).filter(({ path }) => !path.includes('/home/'));
    const profile = await filesBelow(userData);
    const all = [...kept, ...profile, ...left, { path: 'printed', bytes: Buffer.from(printed) }];
    const holders = {
      typed: holding(all, TYPED),
      pasted: holding(all, PASTED),
      argument: holding(all, ARGUMENT).filter((path) => !path.includes('/caisey-TerminalSession/')),
    };
    expect(holders).toEqual({ typed: [], pasted: [], argument: [] });
    const seenIn = holding(all, SEEN).join('\n');
    expect(seenIn).toMatch(/caisey-Workspace\/.*sqlite/);
    expect(seenIn).toMatch(/caisey-TerminalSession\/.*sqlite/);
    expect(kept.some(({ path }) => path.endsWith('workerd.log'))).toBe(true);
    expect(printed).toContain('"event":');
    process.stdout.write(
      `canary: in none of ${exports.length} exports, ${kept.length} files of relay and agents, ${profile.length} of the console, ${left.length} of crashes, ${printed.length} characters printed\n`,
    );
  } finally {
    await dispose();
    await rm(folder, { recursive: true, force: true });
  }
});
