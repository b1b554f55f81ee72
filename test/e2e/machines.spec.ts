import { expect, test } from '@playwright/test';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { auditLines } from './story/audit-lines.ts';
import { enterClient, search } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

const pictures = process.env['CAISEY_PICTURES'];

test('an administrator renames and removes machines by keys, and the list follows', async () => {
  const { system, console, dispose } = await openStage({ preferredPort: 48_910 });
  try {
    const westside = await enterClient(console, WESTSIDE, people.admin);
    const machines = westside.getByRole('listbox', { name: 'Machines' }).getByRole('option');
    await expect(machines.filter({ hasText: 'online' }).first()).toBeVisible();
    const count = await machines.count();
    const before = (await machines.first().locator('bdi').first().textContent()) ?? '';
    const neighbour = (await machines.nth(1).locator('bdi').first().textContent()) ?? '';

    await westside.keyboard.press('Enter');
    await expect(westside.getByRole('region', { name: `Machine ${before}` })).toBeVisible();
    await westside.keyboard.press('F2');
    const rename = westside.getByRole('dialog', { name: `Rename ${before}` });
    await expect(rename).toContainText(WESTSIDE);
    await expect(rename.getByLabel('New name')).toBeFocused();
    await westside.keyboard.press('ControlOrMeta+a');
    // The neighbour's name with one letter more.
    await westside.keyboard.type(`${neighbour}X`);
    await westside.keyboard.press('Enter');
    await expect(rename.getByRole('alert')).toContainText(neighbour);
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/rename.png` });
    await westside.keyboard.press('ControlOrMeta+a');
    await westside.keyboard.type('WEST-ARCHIVE-07');
    await westside.keyboard.press('Enter');
    await expect(rename).toBeHidden();
    await expect(westside.getByRole('region', { name: 'Machine WEST-ARCHIVE-07' })).toBeVisible();
    await expect(machines.filter({ hasText: 'WEST-ARCHIVE-07' })).toBeVisible();
    // Its hostname, in small letters, stays.
    await expect(machines.filter({ hasText: new RegExp(before) })).toHaveCount(0);

    await westside.keyboard.press('Delete');
    const remove = westside.getByRole('dialog', { name: 'Remove WEST-ARCHIVE-07' });
    const typed = remove.getByLabel('Type WEST-ARCHIVE-07');
    await expect(typed).toBeFocused();
    await expect(remove.getByRole('button', { name: /Remove the machine/ })).toBeDisabled();
    await westside.keyboard.type('WEST-ARCHIVE-07');
    // Cut and pasted it is not typed.
    await westside.keyboard.press('ControlOrMeta+a');
    await westside.keyboard.press('ControlOrMeta+x');
    await westside.keyboard.press('ControlOrMeta+v');
    await expect(typed).toHaveValue('');
    await westside.keyboard.type('WEST-ARCHIVE-07');
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/remove.png` });
    await westside.keyboard.press('Enter');
    await expect(remove).toBeHidden();
    await expect(westside.getByRole('alert')).toContainText('WEST-ARCHIVE-07 was removed');
    await westside.keyboard.press('Escape');
    await expect(machines).toHaveCount(count - 1);
    await search(westside, 'WEST-ARCHIVE-07');
    await expect(westside.getByTestId('absence')).toBeVisible();

    const events = (await auditLines(system, WESTSIDE)).map(({ event }) => event);
    expect(events).toContain('machine.renamed');
    expect(events).toContain('machine.removed');
  } finally {
    await dispose();
  }
});
