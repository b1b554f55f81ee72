import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { axeViolations } from '../harness/axe.ts';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { expectOnScreen, search, signIn } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

test('axe finds nothing in any view that a night passes through', async () => {
  const { console, dispose } = await openStage({ preferredPort: 48_800 });
  try {
    const seen: Record<string, readonly string[]> = {};
    const look = async (view: string, page: Page) => {
      seen[view] = await axeViolations(page);
    };
    const launcher = await console.launcher();
    await look('launcher', launcher);
    await launcher.keyboard.type('westside');
    await launcher.keyboard.press('Enter');
    const westside = await console.workspace(WESTSIDE);
    const { keyboard } = westside;
    await westside.getByLabel('E-mail').waitFor();
    await look('sign-in', westside);
    await signIn(westside, people.admin);
    await expect(westside.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    await look('machines', westside);
    await search(westside, 'nothing-by-this-name');
    await expect(westside.getByTestId('absence')).toBeVisible();
    await look('absence', westside);
    await search(westside, 'WEST-FILE-01');
    await expect(westside.getByText(/^Answered in \d+ ms/)).toBeVisible();
    await look('machine card', westside);
    await keyboard.press('Enter');
    await expectOnScreen(westside, 'svc-admin@WEST-FILE-01');
    await look('session', westside);
    await keyboard.press('Control+Shift+F');
    await expect(westside.getByLabel('Find', { exact: true })).toBeFocused();
    await look('find', westside);
    await keyboard.press('Escape');
    await keyboard.press('Control+Shift+R');
    await expect(westside.getByRole('dialog', { name: 'Runbooks' })).toBeVisible();
    await look('runbooks', westside);
    await keyboard.press('Escape');
    await keyboard.press('Control+Shift+P');
    await expect(westside.getByRole('dialog', { name: 'Actions' })).toBeVisible();
    await look('palette', westside);
    await keyboard.press('Escape');
    await keyboard.press('Control+Shift+/');
    await expect(westside.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    await look('keys', westside);
    await keyboard.press('Escape');
    await keyboard.press('Control+Shift+E');
    await expect(westside.getByRole('tab', { name: 'Review', selected: true })).toBeVisible();
    await look('review', westside);
    await keyboard.press('Control+Shift+L');
    await expect(westside.getByRole('button', { name: /Sign in again/ })).toBeFocused();
    await look('locked', westside);

    expect(Object.entries(seen).filter(([, found]) => found.length > 0)).toEqual([]);
    expect(Object.keys(seen)).toHaveLength(12);
  } finally {
    await dispose();
  }
});
