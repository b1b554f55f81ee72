import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { ConsoleApp } from '../../../harness/console-app.ts';
import { screenText } from '../keyboard.ts';
import { PRIMARY, WESTSIDE } from '../story.ts';
import type { StoryRow } from '../story.ts';

/** A step of Primary's runbook, which was copied in Primary's window. */
const COPIED_LINE = 'spoolctl purge --stuck';
const FROM_A_WIKI = 'spoolctl stop\nspoolctl purge --all\n';

export const row4: StoryRow = {
  number: 4,
  title: 'Text copied at the other client is held by main',
  play: async ({ console, picture }) => {
    const westside = await console.workspace(WESTSIDE);
    await westside.keyboard.press('Control+Tab');
    const before = await screenText(westside);

    await westside.keyboard.press('Control+Shift+V');
    const foreign = await console.pasteWarning();
    await expect(foreign.getByRole('alertdialog')).toContainText('This text was copied in another client');
    await expect(foreign.getByRole('alertdialog')).toContainText(PRIMARY);
    await expect(foreign.getByRole('alertdialog')).toContainText(COPIED_LINE);
    await picture('4-paste-held', foreign);
    const told = await westside.locator('body').innerText();
    expect(told).not.toContain(PRIMARY);
    expect(told).not.toContain('purge');
    await discard(console, foreign);

    await console.copyOutside(FROM_A_WIKI);
    await westside.keyboard.press('Control+Shift+V');
    const outside = await console.pasteWarning();
    await expect(outside.getByRole('alertdialog')).toContainText('Look at this text before it is pasted');
    await discard(console, outside);
    expect(await screenText(westside)).toBe(before);
  },
};

async function discard(console: ConsoleApp, warning: Page): Promise<void> {
  // A key reaches the view once it has the keyboard; sent before, it was seen to be lost.
  await expect.poll(() => warning.evaluate(() => document.hasFocus())).toBe(true);
  // The view is gone before Playwright has let go of the key.
  await warning.keyboard.press('Escape').catch(() => {});
  await expect.poll(() => console.pages('paste').length).toBe(0);
}
