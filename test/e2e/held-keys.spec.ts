import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { enterClient, expectOnScreen, screenText, search, terminal } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

test('a key held down does one thing: no second step, no second session, nothing typed into a shell', async () => {
  const { console, dispose } = await openStage({ preferredPort: 48_850 });
  try {
    const west = await enterClient(console, WESTSIDE, people.admin);
    const tabs = west.getByRole('tab', { name: /WEST-PRINT-01/ });

    await search(west, 'WEST-PRINT-01');
    await expect(west.getByText(/^Answered in \d+ ms/)).toBeVisible();
    await holdWhile(west, 'Enter', async () => {
      await expect(terminal(west).locator('textarea')).toBeFocused();
      await expectOnScreen(west, 'svc-admin@WEST-PRINT-01');
    });
    // What a shell was sent before this is on its screen by then.
    await west.keyboard.type('echo on$((1))e');
    await west.keyboard.press('Enter');
    await expectOnScreen(west, '\non1e\n');
    expect((await screenText(west)).match(/svc-admin@/g)).toHaveLength(2);

    await holdWhile(west, 'Control+Shift+T', () => expect(tabs).toHaveCount(2));
    await holdWhile(west, 'Control+Shift+T', () => expect(tabs).toHaveCount(3));
    await holdWhile(west, 'Control+Shift+W', () => expect(tabs).toHaveCount(2));
    await expect(tabs).toHaveCount(2);

    await west.keyboard.press('Control+Shift+R');
    const run = west.getByRole('button', { name: /^Run(?!b)/ });
    await expect(west.getByRole('option').first()).toBeVisible();
    await holdWhile(west, 'Enter', () => expect(run).toBeFocused());
    await expect(run).toBeFocused();
    await expect(west.getByRole('region', { name: /^Runbook/ })).toHaveCount(0);
  } finally {
    await dispose();
  }
});

/** Presses the chord and repeats its last key, as a keyboard does, until `seen` and ten times after it. */
async function holdWhile(page: Page, chord: string, seen: () => Promise<void>): Promise<void> {
  const keys = chord.split('+');
  const last = keys.pop() ?? chord;
  for (const key of keys) await page.keyboard.down(key);
  await page.keyboard.down(last);
  let isSeen = false;
  const seeing = seen().finally(() => {
    isSeen = true;
  });
  // Told below, once the keys are up.
  seeing.catch(() => {});
  while (!isSeen) await page.keyboard.down(last);
  for (let more = 0; more < 10; more += 1) await page.keyboard.down(last);
  for (const key of [last, ...keys]) await page.keyboard.up(key);
  await seeing;
}
