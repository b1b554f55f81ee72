import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { formatLink } from '#protocol/link.ts';
import { MachineId, OrgId } from '#protocol/ids.ts';
import { people } from '../harness/people.ts';
import { consoleExecutable, openStage } from '../harness/stage.ts';
import type { Stage } from '../harness/stage.ts';
import { expectOnScreen, openSession, signIn, typeLine } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

test.describe('bad input and outages', () => {
  let stage: Stage;
  test.beforeAll(async () => {
    stage = await openStage({ preferredPort: 48_760 });
  });
  test.afterAll(() => stage?.dispose());

  test('a link to an unknown organization, or no link at all, is said in the launcher alone', async () => {
    const { console } = stage;
    const launcher = await console.launcher();
    const orgId = OrgId.parse('org_2zzzzzzzzzzzzzzzzzzzzzzzzzz');
    const machineId = MachineId.parse('mac_01ARZ3NDEKTSV4RRFFQ69G5FAV');
    for (const link of [formatLink({ orgId, machineId, alertId: null }), 'caisey://open/../../etc/passwd']) {
      await console.followLink(link);
      await expect(launcher.getByRole('alert')).toBeVisible();
      await launcher.getByRole('button', { name: 'Dismiss' }).press('Enter');
      await expect(launcher.getByRole('alert')).toHaveCount(0);
    }
    expect(console.pages('workspace')).toHaveLength(0);
  });

  test('an identity server that is away: the window stays, says so, and goes on when it is back', async () => {
    const { console, system } = stage;
    const restore = await system.outage('identity');
    const launcher = await console.launcher();
    await launcher.keyboard.type('westside');
    await launcher.keyboard.press('Enter');
    const westside = await console.workspace(WESTSIDE);
    await expect(westside.getByRole('alert')).toContainText('The sign-in service cannot be reached');
    await restore();
    await expect(westside.getByLabel('E-mail')).toBeVisible({ timeout: 30_000 });
  });

  test('a wrong password says so, and the next try counts', async () => {
    const westside = await stage.console.workspace(WESTSIDE);
    await signIn(westside, { ...people.technician, password: 'not this one' });
    await expect(westside.getByText(/Password is incorrect/)).toBeVisible();
    await signIn(westside, people.technician);
    await expect(westside.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
  });

  test('a relay that is away: the session waits in its window, what is typed arrives once', async () => {
    const { console, system } = stage;
    const westside = await console.workspace(WESTSIDE);
    await openSession(westside, 'WEST-FILE-01');
    const restore = await system.outage('relay');
    await expect(westside.getByText(/Connection lost/)).toBeVisible();
    await typeLine(westside, 'echo back-$((40+2))');
    const line = westside.getByRole('status', { name: 'Session state' });
    await expect(line).toContainText('20 characters that you typed are kept and sent once');
    const connection = westside.getByRole('status', { name: 'Connection' });
    await expect(connection).toContainText(/Next try|Trying now/);
    await westside.context().setOffline(true);
    await expect(connection).toContainText('This computer has no network');
    await westside.context().setOffline(false);
    await restore();
    await expectOnScreen(westside, 'back-42', 30_000);
    await expect(westside.getByText(/Connection lost/)).toHaveCount(0);
    await expect(line).not.toContainText('typed');
  });

  test('a machine that stands still is said to be silent, steadily, until it answers', async () => {
    const { console, system } = stage;
    const westside = await console.workspace(WESTSIDE);
    const machine = system.machines.find(({ name }) => name === 'WEST-FILE-01');
    const line = westside.getByRole('status', { name: 'Session state' });
    machine?.process.kill('SIGSTOP');
    try {
      await typeLine(westside, 'echo moved-$((40+2))');
      await expect(line).toContainText('The machine does not answer. 21 characters');
      await expect(westside.getByTestId('enter-does')).toContainText('until the machine answers');
      // The line is looked at once more, and nothing else is said meanwhile.
      await expect(line).toContainText(/does not answer \([3-9] s\)/);
    } finally {
      machine?.process.kill('SIGCONT');
    }
    await expectOnScreen(westside, 'moved-42', 30_000);
    await expect(line).not.toContainText('does not answer');
  });
});

test('a malformed configuration ends with its place and exit code 2', async () => {
  const executable = await consoleExecutable();
  const folder = mkdtempSync(join(tmpdir(), 'caisey-config-'));
  try {
    const start = (name: string, content: string | null) => {
      const file = join(folder, name);
      if (content !== null) writeFileSync(file, content);
      const args = [`--config=${file}`, `--user-data-dir=${join(folder, 'data')}`];
      const { status, stderr } = spawnSync(executable, args, { encoding: 'utf8', timeout: 20_000 });
      expect(stderr).toContain(file);
      return { status, stderr };
    };
    expect(start('broken.json', '{"relayUrl": ').status).toBe(2);
    const typed = start('typed.json', JSON.stringify({ publishableKey: 'pk_test_x', relayUrl: 7 }));
    expect(typed).toMatchObject({ status: 2, stderr: expect.stringContaining('relayUrl') });
    expect(start('missing.json', null).status).toBe(2);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
