import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { ConsoleApp } from '../harness/console-app.ts';
import { frameIcon } from '../../main/windows/frame-icon/frame-icon.ts';
import type { Bitmap } from '../../main/windows/frame-icon/frame-icon.ts';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { waitFor } from '../harness/wait-for.ts';
import { enterClient, expectOnScreen, openSession } from './story/keyboard.ts';
import { PRIMARY, WESTSIDE } from './story/story.ts';

const EXPORTED = `# What fills a folder

Read only. The largest entries come last.

\`\`\`parameters
folder: Where to look
  default: /var/log
entries: How many to list
  default: 10
  one of: 5
  one of: 10
  one of: 50
\`\`\`

\`\`\`sh
du -ah --max-depth=1 {{folder}} | sort -h | tail -n {{entries}}
\`\`\`
`;
const IRREVERSIBLE = `# Throw it away

\`\`\`parameters
what: What goes
\`\`\`

\`\`\`sh irreversible
printf '<%s>\\n' {{what}}
\`\`\`
`;

test('a runbook goes from one client to another by a file alone, and runs with values, by keys alone', async () => {
  const { system, console, dispose } = await openStage({ preferredPort: 48_840 });
  const folder = await mkdtemp(join(tmpdir(), 'caisey-runbooks-'));
  const file = (name: string) => join(folder, name);
  try {
    await answerDialogs(console, folder);
    const primary = await enterClient(console, PRIMARY, people.admin);
    await expect(primary.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    await openRunbooks(primary, 'What fills a folder');
    await primary.keyboard.press('s');
    const saved = await waitFor('the file', () =>
      readFile(file('what-fills-a-folder.md'), 'utf8').catch(() => undefined),
    );
    expect(saved).toBe(EXPORTED);

    await primary.keyboard.press('Control+Shift+O');
    const west = await enterClient(console, WESTSIDE, people.admin);
    const { keyboard } = west;
    await openSession(west, 'WEST-FILE-01');
    await openRunbooks(west, 'Disk and load at a glance');
    // Nothing came over by itself.
    await expect(rows(west)).toHaveCount(1);

    await keyboard.press('i');
    const dialog = west.getByRole('dialog', { name: /A runbook into/ });
    await writeFile(file('broken.md'), '# No steps\n\nls\n');
    await writeFile(file('picture.md'), Uint8Array.of(0x89, 0x50, 0xff, 0x00));
    for (const [name, says, code] of [
      ['broken.md', 'broken.md: It has no steps.', 'runbook_no_steps'],
      ['picture.md', 'picture.md is not text in UTF-8. Save it as that', 'file_not_text'],
    ] as const) {
      await choose(console, file(name));
      await keyboard.press('Control+o');
      const alert = dialog.getByRole('alert').filter({ hasText: code });
      await expect(alert).toContainText(says);
    }
    await choose(console, file('what-fills-a-folder.md'));
    await keyboard.press('Control+o');
    await expect(dialog.getByRole('status')).toContainText(
      '“What fills a folder”, 1 step, 2 values to fill in: a new runbook.',
    );
    await keyboard.press('Control+Enter');
    await expect(rows(west)).toHaveCount(2);
    await keyboard.press('i');
    await writeFile(file('irreversible.md'), IRREVERSIBLE);
    await choose(console, file('irreversible.md'));
    await keyboard.press('Control+o');
    await expect(dialog.getByRole('status')).toContainText('Cannot be undone. “Throw it away”');
    await expect(dialog.getByRole('list', { name: 'Steps' })).toContainText("printf '<%s>\\n' {{what}}");
    await keyboard.press('Control+Enter');
    await expect(rows(west)).toHaveCount(3);

    // Two clients, two marks: what the desktop draws for a window is the glyph on the colour of its own client.
    for (const [page, name] of [
      [primary, PRIMARY],
      [west, WESTSIDE],
    ] as const) {
      const frame = system.workspaces.find((one) => one.frame.name === name)?.frame;
      if (frame === undefined) throw new Error(`the demo lacks ${name}`);
      expectIcon(await desktopIcon(console, page), frameIcon(frame));
    }

    // Values are filled in where the lines stand in the client's colour; what they hold is never code.
    const panel = west.getByRole('dialog', { name: 'Runbooks' });
    const run = panel.getByRole('button', { name: /^Run/ });
    await keyboard.press('Enter');
    await expect(panel.getByLabel(/^what/)).toBeFocused();
    await expect(run).toBeDisabled();
    await keyboard.type(`it's $(id); "x"`);
    await expect(panel.getByRole('list', { name: 'Steps' })).toContainText(
      String.raw`printf '<%s>\n' 'it'\''s $(id); "x"'`,
    );
    await keyboard.press('Enter');
    const confirm = panel.getByLabel('This cannot be undone. Type DCW WEST-FILE-01');
    await expect(confirm).toBeFocused();
    await console.copyOutside('DCW WEST-FILE-01');
    await keyboard.press('ControlOrMeta+v');
    await keyboard.type('DCP WEST-FILE-01');
    await keyboard.press('Enter');
    await expect(confirm).toBeFocused();
    await expect(run).toBeDisabled();
    await keyboard.press('ControlOrMeta+a');
    await keyboard.type('DCW WEST-FILE-01');
    await keyboard.press('Enter');
    await expect(run).toBeFocused();
    await keyboard.press('Enter');
    await expect(west.getByRole('region', { name: /^Runbook/ }).getByRole('status')).toContainText('Done');
    await expectOnScreen(west, `<it's $(id); "x">`);
  } finally {
    await dispose();
    await rm(folder, { recursive: true, force: true });
  }
});

/** Of the list of runbooks: a parameter's choices are options as well. */
function rows(page: Page) {
  return page.getByRole('listbox', { name: 'Runbooks' }).getByRole('option');
}

/** The panel, with the runbook of that name chosen. */
async function openRunbooks(page: Page, title: string): Promise<void> {
  await page.keyboard.press('Control+Shift+R');
  const wanted = rows(page).filter({ hasText: title });
  await expect(wanted).toBeVisible();
  await expect(page.getByRole('listbox', { name: 'Runbooks' })).toBeFocused();
  const titles = await rows(page).allTextContents();
  const steps = titles.findIndex((text) => text.startsWith(title));
  for (let step = 0; step < steps; step += 1) await page.keyboard.press('j');
  await expect(wanted).toHaveAttribute('aria-selected', 'true');
}

/** A person's answers to main's dialogs: the name that is suggested, and whatever `choose` said last. */
async function answerDialogs({ application }: ConsoleApp, folder: string): Promise<void> {
  await application.evaluate(({ dialog }, place) => {
    dialog.showSaveDialog = (...args: unknown[]) => {
      const { defaultPath } = args.at(-1) as { defaultPath: string };
      return Promise.resolve({ canceled: false, filePath: `${place}/${defaultPath.split(/[/\\]/).at(-1)}` });
    };
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: false, filePaths: [String(Reflect.get(globalThis, 'chosenPath'))] });
  }, folder);
}

async function choose({ application }: ConsoleApp, path: string): Promise<void> {
  await application.evaluate((_electron, chosen) => {
    Reflect.set(globalThis, 'chosenPath', chosen);
  }, path);
}

/** What a window says to the desktop of its icon, as X11 has it: width, height, and each pixel as ARGB. */
async function desktopIcon({ application }: ConsoleApp, page: Page): Promise<readonly number[]> {
  const window = await application.browserWindow(page);
  const id = await window.evaluate((native) => native.getNativeWindowHandle().readUInt32LE());
  const args = `-id ${id} -notype -len 1000000 32c _NET_WM_ICON`.split(' ');
  const { stdout } = await promisify(execFile)('xprop', args);
  return Array.from(stdout.matchAll(/\d+/g), ([number]) => Number(number));
}

/** X11 has colours that are not multiplied by alpha: near the edge they are known as exactly as alpha leaves them. */
function expectIcon([width, height, ...pixels]: readonly number[], { size, bgra }: Bitmap): void {
  expect([width, height, pixels.length]).toEqual([size, size, size * size]);
  const wrong = pixels.filter((pixel, at) => {
    const alpha = bgra[at * 4 + 3] ?? 0;
    if (pixel >>> 24 !== alpha) return true;
    return [0, 1, 2].some((channel) => {
      const wanted = ((bgra[at * 4 + channel] ?? 0) * 255) / Math.max(1, alpha);
      return Math.abs(((pixel >>> (8 * channel)) & 255) - wanted) > (alpha === 255 ? 0 : 255 / alpha);
    });
  });
  expect(wrong).toEqual([]);
}
