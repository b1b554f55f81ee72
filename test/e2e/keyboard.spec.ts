import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { formatLink } from '#protocol/link.ts';
import type { ConsoleApp } from '../harness/console-app.ts';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { expectOnScreen, signIn, terminal } from './story/keyboard.ts';
import { PRIMARY, WESTSIDE } from './story/story.ts';

/** Keys by hand, counted: a chord is one, and so is each character; what a sign-in takes is told apart. */
class Hands {
  #keys = 0;

  async press(page: Page, ...chords: readonly string[]): Promise<void> {
    for (const chord of chords) {
      this.#keys += 1;
      await page.keyboard.press(chord);
    }
  }

  async type(page: Page, text: string): Promise<void> {
    this.#keys += text.length;
    await page.keyboard.type(text);
  }

  /** @returns keys since the last time it was asked */
  count(): number {
    const keys = this.#keys;
    this.#keys = 0;
    return keys;
  }
}

test('a night and a day by keyboard alone', async () => {
  const { system, console, dispose } = await openStage({ preferredPort: 48_830 });
  const hands = new Hands();
  const figures: string[] = [];
  const told = (task: string, more = '') => figures.push(`keys, ${task}: ${hands.count()}${more}`);
  try {
    const workspace = system.workspaces.find(({ frame }) => frame.name === WESTSIDE);
    const machineId = workspace?.machines.find(({ name }) => name === 'WEST-PRINT-01')?.machineId;
    if (workspace === undefined || machineId === undefined) throw new Error('the demo lacks WEST-PRINT-01');
    const launcher = await console.launcher();
    await watchPointer(launcher);

    await console.followLink(formatLink({ orgId: workspace.orgId, machineId, alertId: 'alert-0217' }));
    const west = await console.workspace(WESTSIDE);
    await watchPointer(west);
    await signIn(west, people.admin);
    await expect(west.getByText(/^Answered in \d+ ms/)).toBeVisible();
    await hands.press(west, 'Enter');
    await expectOnScreen(west, 'svc-admin@WEST-PRINT-01');
    told('alert to prompt', ', and the sign-in');

    await hands.press(west, 'Control+Shift+K');
    await hands.type(west, 'file');
    await expect(west.getByRole('option', { name: /WEST-FILE-01/ })).toBeVisible();
    await hands.press(west, 'Enter');
    await expect(west.getByText(/^Answered in \d+ ms/)).toBeVisible();
    await hands.press(west, 'Enter');
    await expectOnScreen(west, 'svc-admin@WEST-FILE-01');
    told('search to prompt');

    await hands.press(west, 'Control+Shift+R');
    await expect(west.getByRole('option').first()).toBeVisible();
    await hands.press(west, 'Enter');
    await expect(west.getByRole('button', { name: /^Run(?!b)/ })).toBeFocused();
    await hands.press(west, 'Enter');
    const run = west.getByRole('region', { name: /^Runbook/ }).getByRole('status');
    await expect(run).toContainText(/^(?:Done|Stopped)/);
    told('run a runbook');

    await hands.press(west, 'Control+Shift+X');
    await hands.press(west, 'Control+Tab', 'Control+Shift+T');
    await expect(west.getByRole('tab', { name: /WEST-PRINT-01/ })).toHaveCount(2);
    await expect(terminal(west).locator('textarea')).toBeFocused();
    await hands.press(west, 'Control+Shift+W');
    await expect(west.getByRole('tab', { name: /WEST-PRINT-01/ })).toHaveCount(1);
    told('another session, and its end');

    for (const [task, chord, dialog] of [
      ['find an action', 'Control+Shift+P', 'Actions'],
      ['all keys', 'Control+Shift+/', 'Keys'],
      ['rules of the client', 'Control+Shift+Y', null],
    ] as const) {
      await hands.press(west, chord);
      await expect(west.locator('dialog[open]')).toBeVisible();
      if (dialog !== null) await expect(west.getByRole('dialog', { name: dialog })).toBeVisible();
      await hands.press(west, 'Escape');
      await expect(west.locator('dialog[open]')).toHaveCount(0);
      told(task, ' with its end');
    }

    await hands.press(west, 'Control+Shift+M', 'Control+Shift+N');
    await expect(west.locator('dialog[open]')).toBeVisible();
    await hands.press(west, 'Escape');
    told('enroll a machine, up to its name');

    await hands.press(west, 'Control+Shift+E');
    const review = west.getByRole('listbox', { name: 'What happened' });
    await expect(review).toBeFocused();
    const cards = await review.getByRole('option').count();
    for (let card = 0; card < cards; card += 1) await hands.press(west, 'r');
    await hands.press(west, 'c');
    await expect(west.getByText(/completed in/)).toBeVisible();
    told(`review of ${cards} cards`);

    await hands.press(west, 'Control+Shift+S');
    await expect(launcher.getByText('Leaving')).toBeVisible();
    await hands.type(launcher, 'pri');
    await hands.press(launcher, 'Enter');
    const primary = await console.workspace(PRIMARY);
    await watchPointer(primary);
    await expect(primary.getByLabel('E-mail')).toBeFocused();
    told('switch', ', and the sign-in');
    await expect(west.getByText('you switched to another client')).toBeVisible();
    await signIn(primary, people.technician);
    await expect(primary.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    await hands.press(primary, 'Control+Shift+L');
    await expect(primary.getByRole('button', { name: /Sign in again/ })).toBeFocused();
    told('lock');

    expect(await pointerEvents(console)).toBe(0);
    process.stdout.write(`${figures.join('\n')}\nmouse events: 0\n`);
  } finally {
    await dispose();
  }
});

/** Counts presses and wheels in a page from now on; a window that opens under a resting pointer sees it move. */
async function watchPointer(page: Page): Promise<void> {
  await page.evaluate(() => {
    Reflect.set(window, 'pointerEvents', 0);
    for (const name of ['pointerdown', 'wheel'])
      window.addEventListener(
        name,
        () => Reflect.set(window, 'pointerEvents', Number(Reflect.get(window, 'pointerEvents')) + 1),
        true,
      );
  });
}

async function pointerEvents({ application }: ConsoleApp): Promise<number> {
  const counts = await Promise.all(
    application
      .windows()
      .map((page) => page.evaluate(() => Number(Reflect.get(window, 'pointerEvents') ?? 0))),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}
