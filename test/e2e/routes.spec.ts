import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { ConsoleApp } from '../harness/console-app.ts';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { auditLines } from './story/audit-lines.ts';
import {
  enterClient,
  expectOnScreen,
  openSession,
  screenText,
  search,
  signIn,
  terminal,
} from './story/keyboard.ts';
import { PRIMARY, WESTSIDE } from './story/story.ts';

/** Copied in Primary, never to be seen in Westside without the chord. */
const CANARY = 'canary-of-primary-7f3';

interface Scene {
  readonly console: ConsoleApp;
  readonly page: Page;
}

interface Route {
  readonly name: string;
  readonly into: 'terminal' | 'field';
  /** `held`: main draws its warning. `refused`: nothing comes in, and the audit says so. `nothing`: there is no text. */
  readonly ends: 'held' | 'refused' | 'nothing';
  readonly go: (scene: Scene) => Promise<unknown>;
}

const press = (chord: string) => (scene: Scene) => scene.page.keyboard.press(chord);
/** What a menu's entry does, whoever drew the menu. */
const edit = (command: 'paste' | 'pasteAndMatchStyle') => (scene: Scene) =>
  scene.console.application.evaluate(
    ({ BrowserWindow }, name) => BrowserWindow.getFocusedWindow()?.webContents[name](),
    command,
  );
const withClipboard =
  (flavours: { text?: string; html?: string; rtf?: string; image?: true }, go: Route['go']) =>
  async (scene: Scene) => {
    await scene.console.application.evaluate(async (electron, { text, html, rtf, image }) => {
      const { clipboard, nativeImage } = electron;
      const dot = nativeImage.createFromBitmap(Buffer.from([0, 0, 255, 255]), { width: 1, height: 1 });
      if ('ClipboardItem' in electron) {
        const given = {
          ...(text === undefined ? {} : { 'text/plain': text }),
          ...(html === undefined ? {} : { 'text/html': html }),
          ...(rtf === undefined ? {} : { 'text/rtf': rtf }),
          ...(image === true ? { 'image/png': new Blob([new Uint8Array(dot.toPNG())]) } : {}),
        };
        await clipboard.write([new electron.ClipboardItem(given)]);
        return;
      }
      // Before Electron 44.
      const { write } = clipboard as unknown as { write: (data: object) => void };
      write({
        ...(text === undefined ? {} : { text }),
        html,
        rtf,
        ...(image === true ? { image: dot } : {}),
      });
    }, flavours);
    await go(scene);
    await scene.console.copyOutside(CANARY);
  };

const ROUTES: readonly Route[] = [
  { name: 'Ctrl+Shift+V', into: 'terminal', ends: 'held', go: press('Control+Shift+V') },
  { name: 'Shift+Insert', into: 'terminal', ends: 'held', go: press('Shift+Insert') },
  { name: 'Ctrl+V in a field', into: 'field', ends: 'held', go: press('Control+v') },
  { name: 'Shift+Insert in a field', into: 'field', ends: 'held', go: press('Shift+Insert') },
  { name: 'a menu’s Paste', into: 'terminal', ends: 'held', go: edit('paste') },
  { name: 'a menu’s Paste without formats', into: 'field', ends: 'held', go: edit('pasteAndMatchStyle') },
  { name: 'middle click', into: 'terminal', ends: 'refused', go: middleClick },
  { name: 'middle click in a field', into: 'field', ends: 'refused', go: middleClick },
  { name: 'drag and drop', into: 'terminal', ends: 'refused', go: drop },
  { name: 'drag and drop in a field', into: 'field', ends: 'refused', go: drop },
  {
    name: 'rich text',
    into: 'terminal',
    ends: 'held',
    go: withClipboard(
      { text: CANARY, html: `<b>${CANARY}</b>`, rtf: `{\\rtf1 ${CANARY}}` },
      press('Control+Shift+V'),
    ),
  },
  {
    name: 'HTML alone',
    into: 'field',
    ends: 'nothing',
    go: withClipboard({ html: `<img alt="${CANARY}" src="data:,">` }, press('Control+v')),
  },
  {
    name: 'an image',
    into: 'terminal',
    ends: 'nothing',
    go: withClipboard({ image: true }, press('Control+Shift+V')),
  },
  {
    // Chromium 130 takes it for a person's paste: it is held like one.
    name: 'a script’s execCommand',
    into: 'field',
    ends: 'held',
    go: ({ page }) => page.evaluate(() => document.execCommand('paste')),
  },
  {
    name: 'a script that reads',
    into: 'field',
    ends: 'nothing',
    go: async ({ page }) => {
      expect(
        await page.evaluate(() =>
          navigator.clipboard.readText().then(
            () => 'read',
            () => 'denied',
          ),
        ),
      ).toBe('denied');
    },
  },
];

test('a text copied at one client reaches the other by no route but the deliberate chord', async () => {
  const { system, console, dispose } = await openStage({ preferredPort: 48_820 });
  try {
    const launcher = await console.launcher();
    const primary = await enterClient(console, PRIMARY, people.technician);
    await search(primary, CANARY);
    await primary.keyboard.press('ControlOrMeta+a');
    await primary.keyboard.press('ControlOrMeta+c');
    await expect
      .poll(() => console.application.evaluate(({ clipboard }) => clipboard.readText()))
      .toBe(CANARY);
    await primary.keyboard.press('Control+Shift+O');
    await launcher.keyboard.type('westside');
    await launcher.keyboard.press('Enter');
    const page = await console.workspace(WESTSIDE);
    let reports = 0;
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        if (typeof payload === 'string' && payload.includes('"paste.report"')) reports += 1;
      });
    });
    await signIn(page, people.technician);
    await openSession(page, 'WEST-FILE-01');
    const before = await screenText(page);

    const devtools = await page.context().newCDPSession(page);
    for (const emulated of [true, false]) {
      await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: emulated });
      for (const route of ROUTES) {
        await test.step(`${route.name}${emulated ? '' : ', with the real focus'}`, async () => {
          await aimAt(page, route.into);
          const before = reports;
          await route.go({ console, page });
          if (route.ends === 'held') await discard(console);
          await expect.poll(() => reports).toBe(before + (route.ends === 'nothing' ? 0 : 1));
          expect(console.pages('paste')).toHaveLength(0);
          expect(await page.locator('body').innerText()).not.toContain(CANARY);
          expect(await page.locator('input[role="combobox"]').inputValue()).not.toContain(CANARY);
        });
      }
    }
    await aimAt(page, 'terminal');
    expect(await screenText(page)).toBe(before);

    await page.keyboard.press('Control+Shift+V');
    const warning = await console.pasteWarning();
    await expect.poll(() => warning.evaluate(() => document.hasFocus())).toBe(true);
    await warning.keyboard.press('Control+Shift+Enter').catch(() => {});
    await expectOnScreen(page, CANARY);

    const audited = 2 * ROUTES.filter(({ ends }) => ends !== 'nothing').length;
    await expect.poll(() => countOf('paste.accepted')).toBe(1);
    expect(await countOf('paste.blocked')).toBe(audited + 1);
    process.stdout.write(
      `paste: ${2 * ROUTES.length} tries by ${ROUTES.length} routes, 0 delivered, ${audited} audited; 1 by the chord\n`,
    );
  } finally {
    await dispose();
  }
  async function countOf(event: string): Promise<number> {
    return (await auditLines(system, WESTSIDE)).filter((line) => line.event === event).length;
  }
});

async function aimAt(page: Page, into: Route['into']): Promise<void> {
  if (into === 'field') {
    await page.keyboard.press('Control+Shift+K');
    await expect(page.getByRole('combobox', { name: 'Search machines' })).toBeFocused();
    return;
  }
  await page.keyboard.press('Control+Tab');
  await expect(terminal(page).locator('textarea')).toBeFocused();
}

async function discard(console: ConsoleApp): Promise<void> {
  const warning = await console.pasteWarning();
  await expect(warning.getByRole('alertdialog')).toContainText('copied in another client');
  await expect.poll(() => warning.evaluate(() => document.hasFocus())).toBe(true);
  // The view is gone before Playwright has let go of the key.
  await warning.keyboard.press('Escape').catch(() => {});
  await expect.poll(() => console.pages('paste').length).toBe(0);
}

/** X11 pastes what is selected anywhere, without any copy. */
async function middleClick({ console, page }: Scene): Promise<void> {
  await console.application.evaluate(async ({ clipboard }, text) => {
    const { selection }: { selection?: typeof clipboard } = clipboard;
    if (selection !== undefined) await selection.writeText(text);
    // Before Electron 44.
    else
      (clipboard as unknown as { writeText: (text: string, to: string) => void }).writeText(
        text,
        'selection',
      );
  }, CANARY);
  const { x, y } = await middleOf(page);
  await page.mouse.click(x, y, { button: 'middle' });
}

async function drop({ page }: Scene): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [{ mimeType: 'text/plain', data: CANARY }], dragOperationsMask: 1 };
  const at = await middleOf(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await devtools.send('Input.dispatchDragEvent', { type, ...at, data });
  await devtools.detach();
}

async function middleOf(page: Page): Promise<{ x: number; y: number }> {
  const field = page.getByRole('combobox', { name: 'Search machines' });
  const target = (await field.isVisible()) ? field : terminal(page);
  const box = await target.boundingBox();
  if (box === null) throw new Error('there is nothing to aim at');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
