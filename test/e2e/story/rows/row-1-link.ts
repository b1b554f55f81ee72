import { expect } from '@playwright/test';
import { formatLink } from '#protocol/link.ts';
import { LOOK_ALIKE, PRIMARY, WESTSIDE, workspaceNamed } from '../story.ts';
import type { Story, StoryRow } from '../story.ts';

export const row1: StoryRow = {
  number: 1,
  title: 'A link opens its own client’s window and nothing else',
  play: async (story) => {
    const { console, system, traffic, picture } = story;
    const primary = await console.workspace(PRIMARY);
    const before = { title: await console.titleOf(primary), body: await primary.locator('body').innerText() };
    const sessionsBefore = await signedInSessions(story);

    const { orgId, machines } = workspaceNamed(story, WESTSIDE);
    const machineId = machines.find(({ name }) => name === LOOK_ALIKE)?.machineId;
    expect(machineId).toBeDefined();
    if (machineId === undefined) return;
    await console.followLink(formatLink({ orgId, machineId, alertId: 'alert-0217' }));

    const westside = await console.workspace(WESTSIDE);
    await expect(westside.getByText('A link to a machine is waiting')).toBeVisible();
    await picture('1-link', westside);
    expect(console.pages('workspace')).toHaveLength(2);
    expect(await console.titleOf(westside)).toContain(`DCW · ${WESTSIDE}`);
    expect(await console.titleOf(primary)).toBe(before.title);
    expect(await primary.locator('body').innerText()).toBe(before.body);
    // The link alone signs nobody in and connects to nothing.
    expect(traffic.socketsOf(westside)).toEqual([]);
    expect(await signedInSessions(story)).toEqual(sessionsBefore);
    expect(system.workspaces).toHaveLength(2);
  },
};

async function signedInSessions({ system }: Story): Promise<readonly string[]> {
  const { url, secretKey } = system.identity;
  const answer = await fetch(`${url}/v1/sessions?status=active`, {
    headers: { Authorization: `Bearer ${secretKey}` },
  });
  const { data } = (await answer.json()) as { data: readonly { id: string }[] };
  return data.map(({ id }) => id).sort();
}
