import { expect } from '@playwright/test';
import { people } from '../../../harness/people.ts';
import { waitFor } from '../../../harness/wait-for.ts';
import { enterWorkspace } from '../../../../local/demo/workspace-calls.ts';
import { signIn } from '../keyboard.ts';
import { PRIMARY, WESTSIDE, workspaceNamed } from '../story.ts';
import type { Story, StoryRow } from '../story.ts';

export const row5: StoryRow = {
  number: 5,
  title: 'The switch demands a sign-in there and locks what it leaves',
  play: async (story) => {
    const { console, primaryOpen, picture } = story;
    const westside = await console.workspace(WESTSIDE);
    const token = lastToken(story, WESTSIDE);
    await westside.keyboard.press('Control+Shift+S');
    const launcher = await console.launcher();
    await expect(launcher.getByRole('heading', { name: `Leaving ${WESTSIDE}` })).toBeVisible();
    await launcher.keyboard.type('primary');
    await expect(launcher.getByRole('option')).toHaveCount(1);
    await picture('5-switch', launcher);
    await launcher.keyboard.press('Enter');

    await expect(westside.getByText('Locked — you switched to another client.')).toBeVisible();
    expect(await westside.locator('body').innerText()).not.toContain(PRIMARY);
    await waitForEndOfSignIn(story, token);
    await expect(enterWorkspace(story.system.relayUrl, token)).rejects.toThrow('sign_in_spent');

    const primary = await console.workspace(PRIMARY);
    if (primaryOpen) {
      const overlay = primary.getByRole('dialog', { name: 'Confirm that it is you' });
      await overlay.getByLabel('Password').waitFor();
      await picture('5-reverify', primary);
      await primary.keyboard.type(people.technician.password);
      await primary.keyboard.press('Enter');
      await expect(overlay).toHaveCount(0);
    } else {
      await expect(primary.getByLabel('E-mail')).toBeVisible();
      await picture('5-locked', westside);
      await signIn(primary, people.technician);
    }
    await expect(primary.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
  },
};

/** The newest token that main let through to this client's renderer. */
function lastToken(story: Story, name: string): string {
  const { orgId } = workspaceNamed(story, name);
  const tokens = story.traffic.answers.flatMap(
    ({ body }) => body.match(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g) ?? [],
  );
  const found = tokens.findLast((token) =>
    Buffer.from(token.split('.')[1] ?? '', 'base64url').includes(orgId),
  );
  if (found === undefined) throw new Error(`no token of ${name} was seen`);
  return found;
}

async function waitForEndOfSignIn({ system }: Story, token: string): Promise<void> {
  const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
    sid: string;
  };
  const { url, secretKey } = system.identity;
  await waitFor('the end of Westside’s Clerk session', async () => {
    const answer = await fetch(`${url}/v1/sessions/${sid}`, {
      headers: { Authorization: `Bearer ${secretKey}` },
    });
    return !JSON.stringify(await answer.json()).includes('"status":"active"');
  });
}
