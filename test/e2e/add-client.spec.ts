import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { readSeed } from '../../local/identity/seed.ts';
import { demoSeedFile } from '../../local/identity/start-identity.ts';
import { totpCode } from '../../local/identity/totp.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { ConsoleApp } from '../harness/console-app.ts';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem } from '../harness/small-system.ts';
import { consoleExecutable } from '../harness/stage.ts';
import { waitFor } from '../harness/wait-for.ts';
import { signIn } from './story/keyboard.ts';
import { PRIMARY, WESTSIDE } from './story/story.ts';

/** Clients that nobody has set up yet, and a console that knows none of them. */
test.describe('a new computer', () => {
  let folder = '';
  let system: SmallSystem;
  let console: ConsoleApp;
  let primary: Page;
  let agent: ChildProcess | null = null;

  test.beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'caisey-new-'));
    system = await startSmallSystem({ preferredPort: 48_790 });
    const { publishableKey, relayUrl } = system;
    const configFile = join(folder, 'console.json');
    await writeFile(configFile, JSON.stringify({ publishableKey, relayUrl }));
    console = await ConsoleApp.launch({
      executable: await consoleExecutable(),
      configFile,
      userDataDir: join(folder, 'data'),
    });
  });
  test.afterAll(async () => {
    if (agent !== null && agent.exitCode === null) {
      const gone = once(agent, 'exit');
      agent.kill();
      await gone;
    }
    await console?.dispose();
    await system?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  test('adds both clients with one sign-in that opens none of them and leaves nothing behind', async () => {
    const launcher = await console.launcher();
    await expect(launcher.getByRole('status')).toContainText('No client on this computer yet');
    await launcher.keyboard.press('Control+N');
    const adding = await waitFor('the window that adds clients', () => console.pages('add')[0]);
    await signIn(adding, people.admin);
    const offers = adding.getByRole('option');
    await expect(offers).toHaveCount(2);
    await expect(offers.filter({ hasText: PRIMARY })).toHaveAttribute('aria-selected', 'false');

    // Whatever page of this window asks: no token, no organization.
    const answers = await adding.evaluate(async () => {
      const ask = async (path: string, body: string) => {
        const response = await fetch(`/__fapi/v1/client/sessions/sess_1${path}`, { method: 'POST', body });
        return response.status;
      };
      return [await ask('/tokens', ''), await ask('/touch', 'active_organization_id=')];
    });
    expect(answers).toEqual([403, 403]);
    expect(await adding.evaluate(() => localStorage.length)).toBe(0);

    await adding.keyboard.press('Space');
    await adding.keyboard.press('ArrowDown');
    await adding.keyboard.press('Space');
    await expect(adding.getByRole('button', { name: /Add 2 clients/ })).toBeEnabled();
    // The key closes the window, at times before it is up again.
    await Promise.all([adding.waitForEvent('close'), adding.keyboard.press('Enter').catch(() => undefined)]);
    await expect(launcher.getByRole('option')).toHaveCount(2);
    expect(console.pages('workspace')).toHaveLength(0);
    const settings = await readFile(join(folder, 'data', 'settings.json'), 'utf8');
    expect(settings).not.toContain('eyJ');
    expect(settings).toContain(WESTSIDE);
  });

  test('signs in with an authenticator app as well, and offers nothing that is there already', async () => {
    const seed = readSeed(demoSeedFile);
    if (!seed.ok) throw new Error(seed.reason);
    const person = seed.seed.users.find(({ totpSecret }) => totpSecret !== undefined);
    if (person?.totpSecret === undefined) throw new Error('seed.json has nobody with an authenticator app');

    const launcher = await console.launcher();
    await launcher.keyboard.press('Control+N');
    const adding = await waitFor('the window that adds clients', () => console.pages('add')[0]);
    await signIn(adding, { ...people.technician, identifier: person.email, password: person.password });
    await adding.getByLabel('Code from your authenticator app').waitFor();
    await adding.keyboard.type(totpCode(person.totpSecret, Date.now()));
    await adding.keyboard.press('Enter');
    await expect(adding.getByRole('status')).toContainText('All your clients are on this computer already');
    await Promise.all([adding.waitForEvent('close'), adding.keyboard.press('Escape').catch(() => undefined)]);
    await expect(launcher.getByRole('option')).toHaveCount(2);
  });

  test('an administrator’s entry stores the proposed frame, for everyone', async () => {
    const before = await system.enter(people.technician);
    expect(before.entered.frameStored).toBe(false);
    await before.leave('closed');

    const launcher = await console.launcher();
    await launcher.keyboard.type('primary');
    await launcher.keyboard.press('Enter');
    primary = await console.workspace(PRIMARY);
    await expect(primary.getByTestId('workspace-header').locator('strong')).toHaveText('Primary');
    await signIn(primary, people.admin);
    await expect(primary.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    await expect(primary.getByTestId('workspace-header')).toContainText(PRIMARY);

    const stored = await waitFor('the stored frame', async () => {
      const other = await system.enter(people.technician);
      const { frame, frameStored } = other.entered;
      await other.leave('closed');
      return frameStored ? frame : null;
    });
    expect(stored).toMatchObject({ name: PRIMARY, code: 'DCP', emphasis: [11, 18] });
  });

  test('an administrator enrolls a machine with the command that is shown, and sees it answer', async () => {
    await primary.keyboard.press('Control+Shift+N');
    const dialog = primary.getByRole('dialog', { name: /Enroll a machine in DentalCare_Primary/ });
    await primary.keyboard.type('PRIM-NEW-01');
    await primary.keyboard.press('Enter');
    const command = (await dialog.getByTestId('enroll-command').textContent()) ?? '';
    await expect(dialog.getByRole('status')).toContainText(/good for (?:10:00|9:5\d)/);
    await expect(dialog.getByRole('button', { name: /Copy the command/ })).toBeFocused();
    await primary.keyboard.press('Enter');
    await expect(dialog.getByRole('button', { name: /Copied/ })).toBeVisible();
    const copied = await console.application.evaluate(({ clipboard }) => clipboard.readText());
    expect(copied).toBe(command);

    // Nobody else on the machine sees the code: it is none of the program's words.
    const [setting = '', program, script, ...args] = command.split(' ');
    const [name = '', code = ''] = setting.split('=');
    expect([program, script]).toEqual(['node', 'agent.js']);
    const state = args.indexOf('--state') + 1;
    expect(args[state]).toBe('/var/lib/caisey-agent');
    const home = join(folder, 'machine');
    await mkdir(home);
    // As shown, but for the folder, which needs the machine's administrator.
    args[state] = join(home, 'state');
    agent = spawn(process.execPath, [join(repositoryRoot, 'dist/agent/agent.js'), ...args, '--home', home], {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, LANG: 'C.UTF-8', [name]: code },
      stdio: 'ignore',
    });
    await expect(dialog.getByRole('status')).toContainText('Enrolled: PRIM-NEW-01');
    await primary.keyboard.press('Enter');
    await expect(primary.getByRole('region', { name: 'Machine PRIM-NEW-01' })).toBeVisible();
    await expect(primary.getByText(/^Answered in \d+ ms/)).toBeVisible();
  });
});
