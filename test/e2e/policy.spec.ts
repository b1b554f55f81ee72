import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import type { TestSystem } from '../harness/test-system.ts';
import { auditLines } from './story/audit-lines.ts';
import { enterClient } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

const pictures = process.env['CAISEY_PICTURES'];

/** As if the administrator had typed the password ten minutes ago. */
async function ageSignIn(system: TestSystem, userId: string): Promise<void> {
  const { url, secretKey } = system.identity;
  const headers = { Authorization: `Bearer ${secretKey}`, 'Content-Type': 'application/json' };
  const listed = await fetch(`${url}/v1/sessions?user_id=${userId}&status=active`, { headers });
  const { data } = z.object({ data: z.array(z.looseObject({ id: z.string() })) }).parse(await listed.json());
  expect(data).toHaveLength(1);
  const aged = await fetch(`${url}/__local/sessions/${data[0]?.id}/factor-age`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ first: 10 }),
  });
  expect(aged.status).toBe(200);
}

test('an administrator changes the rules of a client by keys, and confirms it with the password', async () => {
  const { system, console, dispose } = await openStage({ preferredPort: 48_870 });
  try {
    const westside = await enterClient(console, WESTSIDE, people.admin);
    await expect(westside.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    await ageSignIn(system, people.admin.userId);
    // The console comes back with a token of now, which tells that age.
    const restart = await system.outage('relay');
    await expect(westside.getByRole('status', { name: 'Connection' })).toContainText('Reconnecting');
    await restart();
    await expect(westside.getByRole('status', { name: 'Connection' })).toContainText('Connected');

    await westside.keyboard.press('Control+Shift+Y');
    const rules = westside.getByRole('dialog', { name: `Rules of ${WESTSIDE}` });
    await expect(rules.getByLabel('Sign-in not older than')).toBeFocused();
    await westside.keyboard.press('Tab');
    await westside.keyboard.press('Tab');
    await expect(rules.getByLabel('Lock when idle for')).toBeFocused();
    await westside.keyboard.press('ControlOrMeta+a');
    await westside.keyboard.type('45');
    await westside.keyboard.press('Enter');

    const confirm = westside.getByRole('dialog', { name: `Confirm in ${WESTSIDE}` });
    await expect(confirm).toContainText('You are about to change the rules for entering and staying here.');
    const password = confirm.getByLabel('Password');
    await expect(password).toBeFocused();
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/step-up.png` });
    await westside.keyboard.type('not-it-12345');
    await westside.keyboard.press('Enter');
    await expect(confirm.getByRole('alert')).toContainText('Password is incorrect');
    await expect(password).toBeFocused();
    await westside.keyboard.type(people.admin.password);
    await westside.keyboard.press('Enter');
    await expect(confirm).toBeHidden();
    await expect(rules.getByRole('status')).toContainText('Saved.');
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/policy.png` });

    const changed = (await auditLines(system, WESTSIDE)).filter(({ event }) => event === 'policy.changed');
    const Line = z.looseObject({
      actor: z.looseObject({ auth_age_s: z.number() }),
      after: z.looseObject({ entryIdleMinutes: z.number() }),
    });
    const { actor, after } = Line.parse(changed.at(-1));
    expect(after.entryIdleMinutes).toBe(45);
    // The password that confirmed it, not the one of ten minutes ago.
    expect(actor.auth_age_s).toBeLessThan(300);
    await westside.keyboard.press('Escape');
    await expect(rules).toBeHidden();
  } finally {
    await dispose();
  }
});
