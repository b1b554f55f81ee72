import { expect, test } from '@playwright/test';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { enterClient, expectOnScreen, openSession, terminal, typeLine } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

test('a terminal is searched, its lines are chosen and its text is made larger, by keyboard', async () => {
  const { console, dispose } = await openStage({ preferredPort: 48_790 });
  try {
    const westside = await enterClient(console, WESTSIDE, people.technician);
    const { keyboard } = westside;
    await openSession(westside, 'WEST-FILE-01');
    await typeLine(westside, 'clear; for n in $(seq 200); do echo "row $n of it"; done; echo done-$((6*7))');
    await expectOnScreen(westside, 'done-42');

    await keyboard.press('Control+Shift+F');
    await expect(westside.getByLabel('Find', { exact: true })).toBeFocused();
    await keyboard.type('row 17');
    // row 17, and 170 to 179.
    await expect(westside.getByRole('search')).toContainText('11 of 11');
    for (let up = 0; up < 10; up += 1) await keyboard.press('Enter');
    await expect(westside.getByRole('search')).toContainText('1 of 11');
    await expectOnScreen(westside, 'row 17 of it');
    await keyboard.type('!');
    await expect(westside.getByRole('search')).toContainText('Not there');
    await keyboard.press('Escape');

    await keyboard.press('Control+Shift+Space');
    const toolbar = westside.getByRole('toolbar', { name: 'Select lines' });
    await expect(toolbar).toBeFocused();
    await keyboard.press('ArrowUp');
    await keyboard.press('ArrowUp');
    await keyboard.press('Shift+ArrowUp');
    await expect(toolbar).toContainText('2 lines chosen');
    await keyboard.press('Enter');
    await expect(terminal(westside).locator('textarea')).toBeFocused();
    await expect
      .poll(() => console.application.evaluate(({ clipboard }) => clipboard.readText()))
      .toBe('row 199 of it\nrow 200 of it');

    const sizeOf = () =>
      terminal(westside)
        .locator('.xterm-rows')
        .evaluate((rows) => Number.parseFloat(getComputedStyle(rows).fontSize));
    const usual = await sizeOf();
    await keyboard.press('Control+=');
    await keyboard.press('Control+=');
    await expect.poll(sizeOf).toBe(usual + 2);
    await keyboard.press('Control+0');
    await expect.poll(sizeOf).toBe(usual);
    // Nothing of all this reached the machine.
    await typeLine(westside, 'clear; echo still-$((40+2))');
    await expectOnScreen(westside, 'still-42');

    // A bell is seen; a link says where it leads, whatever it is called.
    await typeLine(
      westside,
      String.raw`clear; printf '\a\033]8;;https://evil.example/x\033\\good.example\033]8;;\033\\'`,
    );
    await expect.poll(() => terminal(westside).locator('.xterm').evaluate(isFlashing)).toBe(true);
    await expectOnScreen(westside, 'good.example');
    const link = await terminal(westside).locator('.xterm-rows > div').first().boundingBox();
    await westside.mouse.move((link?.x ?? 0) + 30, (link?.y ?? 0) + 8);
    await expect(westside.getByRole('status', { name: 'Session state' })).toContainText(
      'leads to evil.example.',
    );
    await westside.mouse.move(5, 5);
    await expect(westside.getByRole('status', { name: 'Session state' })).not.toContainText('leads to');

    // The palette offers what can be done here now, and carries it out.
    await keyboard.press('Control+Shift+M');
    await keyboard.press('Control+Shift+P');
    const palette = westside.getByRole('dialog', { name: 'Actions' });
    await expect(palette.getByRole('option', { name: /Lock this client/ })).toBeVisible();
    await expect(palette.getByRole('option', { name: /Find in the terminal/ })).toHaveCount(0);
    await expect(palette.getByRole('option', { name: /Review/ })).toHaveCount(0);
    await keyboard.type('go to west');
    await keyboard.press('Enter');
    await expect(palette).toHaveCount(0);
    await expect(terminal(westside).locator('textarea')).toBeFocused();
    await keyboard.press('Control+Shift+P');
    await keyboard.type('find');
    await keyboard.press('Enter');
    await expect(westside.getByLabel('Find', { exact: true })).toBeFocused();
    await keyboard.press('Escape');
    await keyboard.press('Control+Shift+P');
    await keyboard.press('Escape');
    await typeLine(westside, 'clear; echo typed-$((40+3))');
    await expectOnScreen(westside, 'typed-43');
    await keyboard.press('Control+Shift+P');
    await keyboard.type('lock');
    await keyboard.press('Enter');
    await expect(westside.getByRole('button', { name: /Sign in again/ })).toBeFocused();
  } finally {
    await dispose();
  }
});

function isFlashing(terminal: Element): boolean {
  return terminal.getAnimations().length > 0;
}
