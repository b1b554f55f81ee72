import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { ConsoleApp } from '../harness/console-app.ts';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { waitFor } from '../harness/wait-for.ts';
import { enterClient, expectOnScreen, openSession, screenText } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

test('the first Enter after a while elsewhere is held; a window that is left rests; themes change in place; a look is changed, a client removed', async () => {
  const { console, dispose } = await openStage({ preferredPort: 48_810 });
  try {
    const launcher = await console.launcher();
    const westside = await enterClient(console, WESTSIDE, people.admin);
    await openSession(westside, 'WEST-FILE-01');
    await westside.keyboard.type('echo held-$((40+2))');
    await expectOnScreen(westside, 'echo held-$((40+2))');

    const held = westside.getByRole('alert').filter({ hasText: 'That Enter was held' });
    // A glance elsewhere holds nothing.
    await goElsewhere(console, 5_000);
    await pressEnter(console, westside);
    await expectOnScreen(westside, 'held-42');
    await westside.keyboard.type('echo again-$((40+3))');
    await expectOnScreen(westside, 'echo again-$((40+3))');
    await goElsewhere(console, 30_000);
    await pressEnter(console, westside);
    await expect(held).toContainText(WESTSIDE);
    await expect(westside.getByTestId('workspace-header')).toHaveAttribute('data-alarm', 'true');
    expect(await screenText(westside)).not.toContain('again-43');
    await pressEnter(console, westside);
    await expectOnScreen(westside, 'again-43');
    await expect(held).toHaveCount(0);

    // A page that rests gives its pixels back. Twice: the first time may still be due from the start.
    const timesGivenBack = await countPixelsGivenBack(westside);
    for (const time of ['once', 'again']) {
      const before = await timesGivenBack();
      await goElsewhere(console, 5_000);
      await waitFor(
        `the window that was left to give back ${time}`,
        async () => (await timesGivenBack()) > before,
      );
    }

    // As the application has it, not Playwright.
    await westside.emulateMedia({ colorScheme: null });
    // Dark, light and the system's, in turn: what stands on screen follows, the header and the terminal do not.
    const colours = () =>
      westside.evaluate(() => ({
        text: getComputedStyle(document.body).color,
        header: getComputedStyle(document.querySelector('header') ?? document.body).color,
      }));
    await westside.keyboard.press('Control+Shift+D');
    await waitFor('the dark theme', async () => (await theme(console)) === 'dark');
    await expect.poll(async () => (await colours()).text).toContain('0.945');
    const dark = await colours();
    expect(dark.header).toBe(dark.text);
    await westside.keyboard.press('Control+Shift+D');
    await waitFor('the light theme', async () => (await theme(console)) === 'light');
    await expect.poll(async () => (await colours()).text).toContain('0.235');
    expect((await colours()).header).toBe(dark.header);

    await westside.keyboard.press('Control+Shift+O');
    await expect(launcher.getByRole('option')).toHaveCount(2);
    await expect(launcher.getByRole('option', { name: /Westside/ })).toContainText('not DCP');
    await launcher.keyboard.press('Control+d');
    await waitFor('the theme of the system', async () => (await theme(console)) === 'system');
    // Its administrator changes how an open client looks, checked against its look-alike: for everyone, at once.
    await launcher.keyboard.type('westside');
    await launcher.keyboard.press('Control+e');
    const editor = launcher.getByRole('dialog', { name: /looks to everyone/ });
    await expect(editor.getByLabel('Code')).toBeFocused();
    await launcher.keyboard.press('ControlOrMeta+a');
    await launcher.keyboard.type('dcp');
    await expect(editor.getByRole('alert')).toContainText('Another client here has this code');
    await launcher.keyboard.press('Enter');
    await expect(editor).toBeVisible();
    await launcher.keyboard.press('ControlOrMeta+a');
    await launcher.keyboard.type('west');
    await expect(editor.getByRole('status')).toContainText('ΔE from the nearest look-alike');
    await launcher.keyboard.press('Enter');
    await expect(westside.getByTestId('workspace-header')).toContainText('WEST');
    await expect.poll(() => console.titleOf(westside)).toContain(`WEST · ${WESTSIDE}`);

    // The chosen client is taken off this computer by two keys, once its window is closed.
    await launcher.keyboard.press('Control+Delete');
    await expect(launcher.getByText('Remove from this computer?')).toBeVisible();
    await launcher.keyboard.press('Enter');
    await expect(launcher.getByRole('alert')).toContainText('Close its window first');
    await launcher.keyboard.press('Escape');
    await launcher.keyboard.type('primary');
    await launcher.keyboard.press('Control+Delete');
    await launcher.keyboard.press('Enter');
    await expect(launcher.getByRole('option', { name: /Primary/ })).toHaveCount(0);
    await launcher.keyboard.press('Escape');
    await expect(launcher.getByRole('option')).toHaveCount(1);
  } finally {
    await dispose();
  }
});

/** As the system brings it: Playwright's own keys reach a page without passing main. */
async function pressEnter({ application }: ConsoleApp, page: Page): Promise<void> {
  const window = await application.browserWindow(page);
  await window.evaluate(({ webContents }) => {
    webContents.sendInputEvent({ type: 'keyDown', keyCode: 'Enter' });
    webContents.sendInputEvent({ type: 'keyUp', keyCode: 'Enter' });
  });
}

/** The launcher has the focus for so long by main's clock, which is moved on rather than waited for. */
async function goElsewhere({ application }: ConsoleApp, ms: number): Promise<void> {
  await application.evaluate(async ({ BrowserWindow }, elapsedMs) => {
    const windows = BrowserWindow.getAllWindows();
    const launcher = windows.find((each) => each.getTitle() === 'Caisey');
    const workspace = windows.find((each) => each !== launcher);
    if (launcher === undefined || workspace === undefined) throw new Error('there are not two windows');
    const focus = async (window: typeof launcher) => {
      window.show();
      if (window.isFocused()) return;
      const focused = new Promise<void>((resolve) => window.once('focus', () => resolve()));
      window.focus();
      await focused;
    };
    await focus(workspace);
    const blurred = new Promise<void>((resolve) => workspace.once('blur', () => resolve()));
    await focus(launcher);
    await blurred;
    const now = performance.now.bind(performance);
    Object.defineProperty(performance, 'now', { configurable: true, value: () => now() + elapsedMs });
    await focus(workspace);
  }, ms);
}

function theme({ application }: ConsoleApp): Promise<string> {
  return application.evaluate(({ nativeTheme }) => nativeTheme.themeSource);
}

/** How often the page's preload, in its own world, had a canvas draw past the page. */
async function countPixelsGivenBack(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page);
  let preload: number | null = null;
  devtools.on('Runtime.executionContextCreated', ({ context }) => {
    if (context.name === 'Electron Isolated Context') preload = context.id;
  });
  await devtools.send('Runtime.enable');
  const contextId = await waitFor('the world of preload', () => preload);
  const evaluate = async (expression: string): Promise<unknown> =>
    (await devtools.send('Runtime.evaluate', { contextId, expression })).result.value;
  await evaluate(`
    var timesGivenBack = 0;
    const { prototype } = OffscreenCanvasRenderingContext2D;
    const { fillRect } = prototype;
    prototype.fillRect = function (...place) {
      timesGivenBack += 1;
      return fillRect.apply(this, place);
    };`);
  return async () => Number(await evaluate('timesGivenBack'));
}
