import { expect } from '@playwright/test';
import { search } from '../keyboard.ts';
import { PRIMARY, PRINT_SERVER, PRINT_SERVER_VARIANT, WESTSIDE } from '../story.ts';
import type { StoryRow } from '../story.ts';

export const row3: StoryRow = {
  number: 3,
  title: 'The other client’s print server does not exist here',
  play: async ({ console, picture }) => {
    const westside = await console.workspace(WESTSIDE);
    for (const query of [PRINT_SERVER, PRINT_SERVER_VARIANT]) {
      await search(westside, query);
      const absence = westside.getByTestId('absence');
      await expect(absence).toContainText(`"${query}" does not exist in ${WESTSIDE}`);
      await expect(westside.getByTestId('workspace-header')).toHaveAttribute('data-alarm', 'true');
      // The focus is no switch, and there is nothing to press.
      await expect(westside.getByRole('combobox', { name: 'Search machines' })).toBeFocused();
      await expect(absence.getByRole('button')).toHaveCount(0);
      const text = (await westside.locator('body').innerText()).replaceAll(query, '');
      expect(text).not.toContain(PRIMARY);
      expect(text.toLowerCase()).not.toContain('prim');
      expect(text.toLowerCase()).not.toMatch(/did you mean|similar|other client/);
      if (query === PRINT_SERVER) await picture('3-empty-search', westside);
    }
  },
};
