import { expect } from '@playwright/test';
import { people } from '../../../harness/people.ts';
import { expectOnScreen, signIn } from '../keyboard.ts';
import { LOOK_ALIKE, WESTSIDE } from '../story.ts';
import type { StoryRow } from '../story.ts';

export const row2: StoryRow = {
  number: 2,
  title: 'Sign-in for one client, whose frame stands before any data',
  play: async ({ console, picture }) => {
    const westside = await console.workspace(WESTSIDE);
    const header = westside.getByTestId('workspace-header');
    await expect(header).toContainText('DCW');
    await expect(header.getByRole('heading', { name: WESTSIDE })).toBeVisible();
    await expect(header.locator('h1 b, h1 strong').first()).toHaveText('Westside');
    await expect(westside.getByRole('combobox', { name: 'Search machines' })).toHaveCount(0);
    await picture('2-sign-in', westside);

    await signIn(westside, people.technician);
    const card = westside.getByRole('region', { name: `Machine ${LOOK_ALIKE}` });
    await expect(card.getByText(/^Answered in \d+ ms/)).toBeVisible();
    await picture('2-card', westside);
    // The technician believes this to be the print server, and opens it.
    await westside.keyboard.press('Enter');
    await expectOnScreen(westside, `svc-admin@${LOOK_ALIKE}`);
  },
};
