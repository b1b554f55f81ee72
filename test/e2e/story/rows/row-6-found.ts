import { expect } from '@playwright/test';
import { expectOnScreen, search, terminal } from '../keyboard.ts';
import { PRIMARY, PRINT_SERVER } from '../story.ts';
import type { StoryRow } from '../story.ts';

export const row6: StoryRow = {
  number: 6,
  title: 'In the right client it is there, answers, and opens',
  play: async ({ console, note, picture }) => {
    const primary = await console.workspace(PRIMARY);
    await search(primary, PRINT_SERVER);
    const card = primary.getByRole('region', { name: `Machine ${PRINT_SERVER}` });
    await expect(card.getByText(/^Answered in \d+ ms/)).toBeVisible();
    await picture('6-machine', primary);

    const pressedAt = performance.now();
    await primary.keyboard.press('Enter');
    await expectOnScreen(primary, `svc-admin@${PRINT_SERVER}`);
    note(`Enter to prompt: ${Math.round(performance.now() - pressedAt)} ms`);
    expect(await console.titleOf(primary)).toContain(`DCP · ${PRIMARY} — ${PRINT_SERVER}`);
    // Colour and font, not only text: without them the style policy would have broken the terminal unseen.
    const prompt = terminal(primary)
      .locator('.xterm-rows span', { hasText: `svc-admin@${PRINT_SERVER}` })
      .first();
    await expect(prompt).toHaveCSS('color', 'rgb(135, 175, 215)');
    await expect(terminal(primary).locator('.xterm-rows')).toHaveCSS('font-family', /mono/i);
  },
};
