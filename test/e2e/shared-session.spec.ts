import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { signIn as freshSignIn } from '../../local/identity/sign-in.ts';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import type { Stage } from '../harness/stage.ts';
import { WorkspacePeer } from '../harness/workspace-peer.ts';
import {
  enterClient,
  expectOnScreen,
  openSession,
  search,
  signIn,
  terminal,
  typeLine,
} from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

const pictures = join('test-results', 'shared-session');

// A session is more than one window: it is left and taken up again, watched, and taken over, all by keys.
test.describe('a session that others come to', () => {
  let stage: Stage;
  let colleague: WorkspacePeer | null = null;
  test.beforeAll(async () => {
    stage = await openStage({ preferredPort: 48_890 });
  });
  test.afterAll(async () => {
    colleague?.dispose();
    await stage?.dispose();
  });

  test('is taken up after a lock, then watched by a key and taken over', async () => {
    const { console, system } = stage;
    const westside = await enterClient(console, WESTSIDE, people.technician);
    await openSession(westside, 'WEST-FILE-01');
    await typeLine(westside, 'seq 1 300000; echo before-$((40+2))');
    await expectOnScreen(westside, 'before-42');

    await westside.keyboard.press('Control+Shift+L');
    await expect(westside.getByRole('button', { name: /Sign in again/ })).toBeFocused();
    await westside.keyboard.press('Enter');
    await signIn(westside, people.technician);
    const still = westside.getByRole('list', { name: 'Sessions still running' });
    await expect(still).toContainText('WEST-FILE-01');
    await westside.screenshot({ path: join(pictures, 'still-running.png') });
    await westside.keyboard.press('Control+Shift+U');
    await expectOnScreen(westside, 'before-42');
    const line = westside.getByRole('status', { name: 'Session state' });
    await expect(line).toContainText('skipped while this console was away');
    await westside.screenshot({ path: join(pictures, 'screen-first.png') });
    await westside.keyboard.press('Control+Shift+H');
    await expect(line).toContainText(/Loading what was skipped/);
    await expect(line).not.toContainText('skipped', { timeout: 30_000 });
    await expectOnScreen(westside, 'before-42');
    await typeLine(westside, 'echo after-$((40+2))');
    await expectOnScreen(westside, 'after-42');

    // A colleague comes, takes over, and this window goes on looking.
    const orgId = system.workspaces.find(({ frame }) => frame.name === WESTSIDE)?.orgId;
    if (orgId === undefined) throw new Error('no such client');
    const session = await freshSignIn({
      url: system.identity.url,
      ...people.admin,
      organizationId: orgId,
    });
    colleague = await WorkspacePeer.connect({
      relayUrl: system.relayUrl,
      getToken: () => session.getToken(),
    });
    const [running] = (await colleague.call('session.list', { machineId: null })).sessions;
    if (running === undefined) throw new Error('no session runs');
    const size = { cols: 90, rows: 20 };
    const { machineId, sessionId, typist } = running;
    const far = await colleague.attachTerminal(machineId, sessionId, { mode: 'watch', size });
    await expect(line).toContainText(`${people.admin.name} is watching`);
    await westside.screenshot({ path: join(pictures, 'watched.png') });
    await colleague.call('session.take', { sessionId, from: typist.userId });
    await far.until('the keyboard', () => far.people?.mode === 'type');
    far.resize(size);
    await expect(line).toContainText(`${people.admin.name} is typing — you are watching`);
    await westside.keyboard.type('not typed');
    far.type('echo far-$((40+2))\r');
    await expectOnScreen(westside, 'far-42');
    await expect(terminal(westside)).not.toContainText('not typed');
    const font = await fontSize(westside);
    await westside.screenshot({ path: join(pictures, 'watching.png') });
    // A larger screen than this window's is seen to its last corner, in smaller text.
    far.resize({ cols: 220, rows: 64 });
    far.type('clear; tput cup 62 200; echo -n far-corner; tput cup 1 0\r');
    await expectOnScreen(westside, 'far-corner');
    await expect(terminal(westside).locator('.xterm-rows > div')).toHaveCount(64);
    expect(await isAllInSight(westside)).toBe(true);
    expect(await fontSize(westside)).toBeLessThan(font);
    await westside.screenshot({ path: join(pictures, 'watching-larger.png') });
    await westside.keyboard.press('Control+Shift+U');
    await expect(line).not.toContainText('you are watching');
    expect(await fontSize(westside)).toBe(font);
    await typeLine(westside, 'clear; stty size');
    const rows = await terminal(westside).locator('.xterm-rows > div').count();
    await expectOnScreen(westside, `${rows} `);
    expect(rows).not.toBe(64);
    await typeLine(westside, 'echo mine-$((40+2))');
    await expectOnScreen(westside, 'mine-42');

    // From the card of the machine.
    await colleague.call('session.take', { sessionId, from: typist.userId });
    await westside.keyboard.press('Control+Shift+W');
    await search(westside, 'WEST-FILE-01');
    await expect(westside.getByRole('list', { name: 'Running sessions' })).toContainText(
      `${people.admin.name} is typing`,
    );
    await westside.screenshot({ path: join(pictures, 'card.png') });
    await westside.keyboard.press('w');
    await expect(line).toContainText(`${people.admin.name} is typing — you are watching`);
    await expectOnScreen(westside, 'mine-42');
    await colleague.call('session.close', { sessionId });
    await expect(line).toContainText('Session closed');
  });
});

function fontSize(page: Page): Promise<number> {
  return terminal(page)
    .locator('.xterm-rows')
    .evaluate((rows) => Number.parseFloat(getComputedStyle(rows).fontSize));
}

/** No part of the terminal's screen lies beyond its pane. */
function isAllInSight(page: Page): Promise<boolean> {
  return terminal(page).evaluate((pane) => {
    const screen = pane.querySelector('.xterm-screen')?.getBoundingClientRect();
    const { right, bottom } = pane.getBoundingClientRect();
    return screen !== undefined && screen.right <= right && screen.bottom <= bottom;
  });
}
