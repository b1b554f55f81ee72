import { expect, test } from '@playwright/test';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import {
  enterClient,
  expectOnScreen,
  openSession,
  screenText,
  terminal,
  typeLine,
} from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

test('a terminal is searched, its lines are chosen and its text is made larger, by keyboard', async () => {
  const { console, dispose } = await openStage({ preferredPort: 48_790 });
  try {
    const westside = await enterClient(console, WESTSIDE, people.technician);
    const { keyboard } = westside;
    // A window without a session holds no xterm.
    await expect(westside.getByRole('combobox', { name: 'Search machines' })).toBeFocused();
    const xterm = westside.locator('link[rel="modulepreload"][href*="terminal-view"]');
    await expect(xterm).toHaveCount(0);
    await openSession(westside, 'WEST-FILE-01');
    await expect(xterm).toHaveCount(1);
    await typeLine(westside, 'clear; for n in $(seq 200); do echo "row $n of it"; done; echo done-$((6*7))');
    await expectOnScreen(westside, 'done-42');

    await keyboard.press('Shift+PageUp');
    await expect.poll(() => screenText(westside)).not.toContain('done-42');
    await keyboard.press('Shift+PageDown');
    await expectOnScreen(westside, 'done-42');

    await keyboard.press('Control+Shift+F');
    await expect(westside.getByLabel('Find', { exact: true })).toBeFocused();
    await keyboard.type('row 17');
    // row 17, and 170 to 179.
    await expect(westside.getByRole('search')).toContainText('11 of 11');
    // Of all places the one that is shown stands out most.
    const [shown, other] = await terminal(westside).evaluate(backgroundsOf, [
      'row 179 of it',
      'row 178 of it',
    ]);
    expect(brightness(shown)).toBeGreaterThan(brightness(other) + 60);
    for (let up = 0; up < 10; up += 1) await keyboard.press('Enter');
    await expect(westside.getByRole('search')).toContainText('1 of 11');
    await expectOnScreen(westside, 'row 17 of it');
    await keyboard.type('!');
    await expect(westside.getByRole('search')).toContainText('Not there');
    await keyboard.press('Escape');

    await keyboard.press('Control+Shift+Space');
    const toolbar = westside.getByRole('toolbar', { name: 'Select text' });
    await expect(toolbar).toBeFocused();
    await keyboard.press('ArrowUp');
    await keyboard.press('ArrowUp');
    await keyboard.press('Shift+ArrowUp');
    await expect(toolbar).toContainText('2 lines chosen');
    await keyboard.press('Enter');
    await expect(terminal(westside).locator('textarea')).toBeFocused();
    const copied = () => console.application.evaluate(({ clipboard }) => clipboard.readText());
    await expect.poll(copied).toBe('row 199 of it\nrow 200 of it');
    // A part of a line: its last word but one.
    await keyboard.press('Control+Shift+Space');
    for (const key of ['ArrowUp', 'ArrowUp', 'ArrowLeft', 'Control+ArrowLeft', 'ArrowLeft', 'ArrowLeft'])
      await keyboard.press(key);
    await keyboard.press('Shift+B');
    await expect(toolbar).toContainText('2 characters chosen');
    await expect(westside.getByTestId('enter-does')).toContainText('copies 2 characters');
    await keyboard.press('Enter');
    await expect.poll(copied).toBe('of');

    // A link says whose it is, whatever it is called, and its address is what is copied.
    await typeLine(
      westside,
      String.raw`clear; printf '\033]8;;https://good.example@evil.example/x\033\\%s\033]8;;\033\\ or http://plain.example/1.\n' https://good.example`,
    );
    await expectOnScreen(westside, 'https://good.example or http://plain.example/1.');
    await keyboard.press('Control+Shift+Space');
    await keyboard.press('u');
    await expect(toolbar).toContainText('Link to plain.example');
    await keyboard.press('u');
    await expect(toolbar).toContainText('Link to evil.example');
    await expect(westside.getByTestId('enter-does')).toContainText(
      'copies the address of this link, which leads to evil.example,',
    );
    await keyboard.press('u');
    await expect(toolbar).toContainText('Link to evil.example · none above');
    await keyboard.press('Enter');
    await expect(terminal(westside).locator('textarea')).toBeFocused();
    await expect.poll(copied).toBe('https://good.example@evil.example/x');
    // With an arrow it is text again.
    await keyboard.press('Control+Shift+Space');
    for (const key of ['u', 'u', 'Shift+U', 'Shift+ArrowLeft']) await keyboard.press(key);
    await expect(toolbar).toContainText('21 characters chosen');
    await keyboard.press('Enter');
    await expect.poll(copied).toBe('http://plain.example/');

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

    // What a program hides in the colour of the ground is read all the same.
    await typeLine(westside, String.raw`clear; printf '\033[30mhidden-%s\033[0m\n' $((40+4))`);
    await expectOnScreen(westside, 'hidden-44');
    const [hidden] = await terminal(westside).evaluate(colourOf, 'hidden-44');
    expect(brightness(hidden)).toBeGreaterThan(90);

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

    // Where nobody looks, its tab says that it rang, until somebody does.
    await typeLine(westside, String.raw`(sleep 1; printf '\a') &`);
    await keyboard.press('Control+Shift+M');
    const rang = westside.getByRole('tab', { name: /Bell rang: WEST-FILE-01/ });
    await expect(rang).toBeVisible();
    await keyboard.press('Control+Tab');
    await expect(terminal(westside).locator('textarea')).toBeFocused();
    await expect(rang).toHaveCount(0);

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

/** In the page: of the first characters of each row that begins so. */
function backgroundsOf(pane: Element, rows: readonly string[]): readonly string[] {
  const all = [...pane.querySelectorAll('.xterm-rows > div')];
  return rows.map((text) => {
    const row = all.find((each) => each.textContent?.replaceAll('\u00a0', ' ').startsWith(text));
    const [first] = row?.children ?? [];
    return first === undefined ? '' : getComputedStyle(first).backgroundColor;
  });
}

/** In the page: of the text that is all of its row. */
function colourOf(pane: Element, text: string): readonly string[] {
  return [...pane.querySelectorAll('.xterm-rows span')]
    .filter(({ textContent }) => textContent === text)
    .map((each) => getComputedStyle(each).color);
}

/** Of a colour as the browser says it: 0 to 255. */
function brightness(colour: string | undefined): number {
  const [red = 0, green = 0, blue = 0] = (colour?.match(/[\d.]+/g) ?? []).map(Number);
  return 0.3 * red + 0.6 * green + 0.1 * blue;
}

function isFlashing(terminal: Element): boolean {
  return terminal.getAnimations().length > 0;
}
