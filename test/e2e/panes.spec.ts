import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import {
  enterClient,
  expectOnScreen,
  openSession,
  screenText,
  search,
  terminal,
  typeLine,
} from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

const pictures = join('test-results', 'panes');
/** Tells an answer of the machine from those of before. */
let asked = 0;

test('panes share a tab by keys alone, and what is typed goes to the one that looks so', async () => {
  const { console, dispose } = await openStage({ preferredPort: 48_950 });
  try {
    const west = await enterClient(console, WESTSIDE, people.technician);
    const { keyboard } = west;
    await openSession(west, 'WEST-FILE-01');
    const whole = await sizeInPane(west);

    // Beside it a second session on the machine, each as large as the machine was told.
    await keyboard.press('Control+Shift+B');
    await expect(panes(west)).toHaveCount(2);
    await expectOnScreen(west, 'svc-admin@WEST-FILE-01');
    await expectKeyboardIn(west, 'WEST-FILE-01 · 2');
    const cols = async () => (await sizeInPane(west)).cols;
    await expect.poll(cols).toBeLessThan(whole.cols / 2);
    const half = await sizeInPane(west);
    expect(half.rows).toBe(await terminal(west).locator('.xterm-rows > div').count());
    // Its head takes a line or two.
    expect(whole.rows - half.rows).toBeLessThan(3);
    await keyboard.press('Alt+Shift+ArrowRight');
    await keyboard.press('Alt+Shift+ArrowRight');
    await expect.poll(cols).toBeLessThan(half.cols);
    await keyboard.press('Control+Shift+ArrowLeft');
    await expectKeyboardIn(west, 'WEST-FILE-01');
    await expect.poll(cols).toBeGreaterThan(half.cols);

    // As fast as keys come, no character of one pane arrives in the other.
    await typeLine(west, 'clear');
    await keyboard.press('Control+Shift+ArrowRight');
    await typeLine(west, 'clear');
    for (let turn = 0; turn < 12; turn += 1) {
      await keyboard.press('Control+Shift+ArrowLeft');
      await keyboard.type('l');
      await keyboard.press('Control+Shift+ArrowRight');
      await keyboard.type('r');
    }
    await expectOnScreen(west, `$ ${'r'.repeat(12)}`);
    expect(await screenText(west)).not.toContain('l'.repeat(2));
    // Nor does one that a page script gives the focus.
    await west.evaluate(() => {
      for (const field of document.querySelectorAll('[data-pane][data-chosen="false"] textarea'))
        if (field instanceof HTMLTextAreaElement) field.focus();
    });
    await keyboard.type('s');
    await expectOnScreen(west, `${'r'.repeat(12)}s`);
    await keyboard.press('Control+c');
    await west.screenshot({ path: join(pictures, 'beside.png') });

    // The other by pointer, then alone, then all again.
    await panes(west)
      .filter({ hasText: 'WEST-FILE-01' })
      .first()
      .click({ position: { x: 60, y: 200 } });
    await expectKeyboardIn(west, 'WEST-FILE-01');
    await expectOnScreen(west, `$ ${'l'.repeat(12)}`);
    await keyboard.press('Control+c');
    await keyboard.press('Control+Shift+Z');
    await expect(panes(west)).toHaveCount(1);
    await expect.poll(cols).toBe(whole.cols);
    await west.screenshot({ path: join(pictures, 'zoomed.png') });
    await keyboard.press('Control+Shift+ArrowRight');
    await expect(panes(west)).toHaveCount(2);

    // Another machine, from its card, beside the session shown last.
    await search(west, 'WEST-PRINT-01');
    await expect(west.getByText(/^Answered in \d+ ms/)).toBeVisible();
    await keyboard.press('b');
    await expectOnScreen(west, 'svc-admin@WEST-PRINT-01');
    await expectKeyboardIn(west, 'WEST-PRINT-01');
    await expect(panes(west)).toHaveCount(3);
    await west.screenshot({ path: join(pictures, 'three.png') });
    // Into a tab of its own and back below.
    await keyboard.press('Control+Shift+A');
    await expect(panes(west)).toHaveCount(1);
    await keyboard.press('Control+Shift+Tab');
    await expectKeyboardIn(west, 'WEST-FILE-01 · 2');
    await keyboard.press('Control+Shift+P');
    await keyboard.type('show west-print-01 below');
    await keyboard.press('Enter');
    await expectKeyboardIn(west, 'WEST-PRINT-01');
    await expect(panes(west)).toHaveCount(3);

    // A tool is its pane's own: what is pasted into it stays there, and it goes when the keyboard does.
    await console.application.evaluate(({ clipboard }) => clipboard.writeText('echo pasted'));
    await keyboard.press('Control+Shift+F');
    const find = west.getByLabel('Find', { exact: true });
    await expect(find).toBeFocused();
    await keyboard.press('Control+Shift+V');
    await expect(find).toHaveValue('echo pasted');
    // However narrow the pane: one line, nothing cut off.
    const bar = west.getByRole('search', { name: 'Find in the terminal' });
    expect(await bar.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0);
    await keyboard.press('Control+Shift+ArrowUp');
    await expect(find).toHaveCount(0);
    await keyboard.press('Control+Shift+V');
    await expectOnScreen(west, 'echo pasted');
    await keyboard.press('Control+Shift+ArrowDown');
    expect(await screenText(west)).not.toContain('pasted');

    // It ends; the pane it was cut from has the keyboard.
    await typeLine(west, 'exit');
    const line = west.locator('[data-chosen="true"]').getByRole('status', { name: 'Session state' });
    await expect(line).toContainText('Session ended');
    // Held down too long: none of it goes on there, where a command waits.
    for (let repeat = 0; repeat < 4; repeat += 1) await keyboard.down('Enter');
    await keyboard.up('Enter');
    await expect(panes(west)).toHaveCount(2);
    await expectKeyboardIn(west, 'WEST-FILE-01 · 2');
    await keyboard.type('!');
    await expectOnScreen(west, 'echo pasted!');
    expect(await screenText(west)).not.toMatch(/^pasted/m);
    await keyboard.press('Control+Shift+W');
    await expectKeyboardIn(west, null);
    await expect.poll(() => sizeInPane(west)).toEqual(whole);
  } finally {
    await dispose();
  }
});

function panes(page: Page) {
  return page.locator('[data-pane][data-visible="true"]');
}

/** One pane alone looks as if it had the keyboard, it is this machine's, and its terminal has the focus. Null: it has no head. */
async function expectKeyboardIn(page: Page, name: string | null): Promise<void> {
  await expect(terminal(page).locator('textarea')).toBeFocused();
  await expect(page.getByText('Keyboard here').filter({ visible: true })).toHaveCount(name === null ? 0 : 1);
  if (name === null) return;
  const chosen = page.locator('[data-pane][data-chosen="true"]');
  await expect(chosen).toHaveCount(1);
  await expect(chosen.locator('header b')).toHaveText(name);
}

/** As the machine knows it now; a new size is on its way for a moment. */
async function sizeInPane(page: Page): Promise<{ rows: number; cols: number }> {
  asked += 1;
  await typeLine(page, `clear; echo size-$((${asked}+0)) $(stty size)`);
  const answer = new RegExp(`^size-${asked} (\\d+) (\\d+)$`, 'm');
  await expect.poll(() => screenText(page)).toMatch(answer);
  const [, rows, cols] = answer.exec(await screenText(page)) ?? [];
  return { rows: Number(rows), cols: Number(cols) };
}
