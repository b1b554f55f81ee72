import { expect } from '@playwright/test';
import { typeLine } from '../keyboard.ts';
import { PRIMARY } from '../story.ts';
import type { StoryRow } from '../story.ts';

export const row8: StoryRow = {
  number: 8,
  title: 'The session is closed, and Primary is locked',
  play: async ({ console, picture }) => {
    const primary = await console.workspace(PRIMARY);
    await typeLine(primary, 'exit');
    await expect(primary.getByText(/Session ended/)).toBeVisible();
    await picture('8-ended', primary);
    await primary.keyboard.press('Enter');
    await primary.keyboard.press('Control+Shift+L');
    await expect(primary.getByText('Locked. Sign in again to continue.')).toBeVisible();
  },
};
