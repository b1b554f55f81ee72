import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { readSeed } from '../../local/identity/seed.ts';
import type { UserSeed } from '../../local/identity/seed.ts';
import { demoSeedFile } from '../../local/identity/start-identity.ts';
import { totpCode } from '../../local/identity/totp.ts';
import { answerCompanyPage, mailedCode } from '../harness/outside-sign-in.ts';
import { openStage } from '../harness/stage.ts';
import type { Stage } from '../harness/stage.ts';
import { waitFor } from '../harness/wait-for.ts';
import { identify, signIn } from './story/keyboard.ts';
import { PageTraffic } from './story/page-traffic.ts';
import { PRIMARY, WESTSIDE } from './story/story.ts';

const pictures = process.env['CAISEY_PICTURES'];

/** Every way to sign in, by keys alone, each until the machines of the client are there. */
test.describe('signing in', () => {
  let stage: Stage;
  let westside: Page;
  let traffic: PageTraffic;

  test.beforeAll(async () => {
    stage = await openStage({ preferredPort: 48_830 });
    traffic = new PageTraffic(stage.console.application);
    // The system's browser, which is not there: where it would go is remembered.
    await stage.console.application.evaluate(({ shell }) => {
      const opened: string[] = [];
      Object.assign(globalThis, { opened });
      shell.openExternal = (url) => {
        opened.push(url);
        return Promise.resolve();
      };
    });
    westside = await open(WESTSIDE);
  });
  test.afterAll(() => stage?.dispose());

  async function open(name: string): Promise<Page> {
    const launcher = await stage.console.launcher();
    await launcher.keyboard.type(name.slice(-8));
    await launcher.keyboard.press('Enter');
    return stage.console.workspace(name);
  }

  /** Where the browser is sent next. */
  function openedPage(): Promise<string> {
    return waitFor('the browser', () =>
      stage.console.application.evaluate(() =>
        (globalThis as unknown as { opened: string[] }).opened.shift(),
      ),
    );
  }

  const waitsForBrowser = (page: Page) =>
    expect(page.getByText('Finish signing in in your browser')).toBeVisible();

  /** Inside, as this person, with these ages of the factors in the token; then locked again. */
  async function insideAs(page: Page, person: UserSeed, ages: readonly number[]): Promise<void> {
    await expect(page.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    await expect(page.getByTestId('workspace-header')).toContainText(
      `${person.firstName} ${person.lastName}`,
    );
    expect(newestClaims(traffic)).toMatchObject({ sub: person.id, fva: ages });
    await page.keyboard.press('Control+Shift+L');
    await expect(page.getByRole('button', { name: /Sign in again/ })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('E-mail')).toBeFocused();
  }

  async function picture(name: string, page = westside): Promise<void> {
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png` });
  }

  test('a code by e-mail: wrong, then right', async () => {
    const ines = personNamed('Ines');
    await picture('identifier');
    await identify(westside, ines.email);
    await expect(westside.getByLabel('Code from the e-mail')).toBeFocused();
    await expect(westside.getByRole('button', { name: /^Send again in \d+ s/ })).toBeDisabled();
    const code = await mailedCode(stage.system.identity, ines.email);
    await picture('email-code');
    await westside.keyboard.type('12345');
    await westside.keyboard.press('Enter');
    await expect(westside.getByRole('alert')).toContainText('Type the one from the newest e-mail');
    await picture('email-code-wrong');
    await westside.keyboard.type(code);
    await westside.keyboard.press('Enter');
    await insideAs(westside, ines, [0, -1]);
  });

  test('a switch to a client that stands open is confirmed by a code by e-mail', async () => {
    const ines = personNamed('Ines');
    const { identity } = stage.system;
    const primary = await open(PRIMARY);
    let code = await mailedCode(identity, ines.email);
    for (const page of [primary, westside]) {
      await identify(page, ines.email);
      await expect(page.getByLabel('Code from the e-mail')).toBeFocused();
      code = await mailedCode(identity, ines.email, code);
      await page.keyboard.type(code);
      await page.keyboard.press('Enter');
      await expect(page.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    }
    // The window that was opened last has the focus, without which nobody switches.
    await primary.keyboard.press('Control+Shift+S');
    const launcher = await stage.console.launcher();
    await expect(launcher.getByRole('heading', { name: `Leaving ${PRIMARY}` })).toBeVisible();
    await launcher.keyboard.type('westside');
    await launcher.keyboard.press('Enter');
    const overlay = westside.getByRole('dialog', { name: 'Confirm that it is you' });
    await expect(overlay.getByLabel('Code from the e-mail that was sent to you')).toBeFocused();
    await picture('reverify-email');
    await westside.keyboard.type(await mailedCode(identity, ines.email, code));
    await westside.keyboard.press('Enter');
    await expect(overlay).toHaveCount(0);
    await insideAs(westside, ines, [0, -1]);
    await expect(primary.getByRole('button', { name: /Sign in again/ })).toBeFocused();
    await primary.keyboard.press('Enter');
    await expect(primary.getByLabel('E-mail')).toBeFocused();
  });

  test('an account with two ways: the password first, the other one by a key', async () => {
    const linnea = personNamed('Linnea');
    await identify(westside, linnea.email);
    await expect(westside.getByLabel('Password', { exact: true })).toBeFocused();
    await picture('password-and-another-way');
    await westside.keyboard.press('Control+O');
    await expect(westside.getByRole('button', { name: 'Password' })).toBeFocused();
    await picture('choice');
    await westside.keyboard.press('ArrowDown');
    await westside.keyboard.press('Enter');
    await expect(westside.getByLabel('Code from the e-mail')).toBeFocused();
    await westside.keyboard.type(await mailedCode(stage.system.identity, linnea.email));
    await westside.keyboard.press('Enter');
    await insideAs(westside, linnea, [0, -1]);
  });

  test('an authenticator app, and a backup code in its place', async () => {
    const tobias = personNamed('Tobias');
    const person = { identifier: tobias.email, password: tobias.password };
    await signIn(westside, person);
    await expect(westside.getByLabel('Code from your authenticator app')).toBeFocused();
    await picture('authenticator');
    await westside.keyboard.type(totpCode(tobias.totpSecret ?? '', Date.now()));
    await westside.keyboard.press('Enter');
    await insideAs(westside, tobias, [0, 0]);

    await signIn(westside, person);
    await expect(westside.getByLabel('Code from your authenticator app')).toBeFocused();
    await westside.keyboard.press('Control+O');
    await expect(westside.getByRole('button', { name: 'Code from your authenticator app' })).toBeFocused();
    await westside.keyboard.press('ArrowDown');
    await westside.keyboard.press('Enter');
    await expect(westside.getByLabel('Backup code')).toBeFocused();
    await picture('backup-code');
    await westside.keyboard.type(tobias.backupCodes[0] ?? '');
    await westside.keyboard.press('Enter');
    await insideAs(westside, tobias, [0, 0]);
  });

  test('a new device is confirmed once, and known from then on; it is no second factor', async () => {
    const maren = personNamed('Maren');
    const person = { identifier: maren.email, password: maren.password };
    await signIn(westside, person);
    await expect(westside.getByText('This computer is new to your account.')).toBeVisible();
    await picture('new-device');
    await westside.keyboard.type(await mailedCode(stage.system.identity, maren.email));
    await westside.keyboard.press('Enter');
    await insideAs(westside, maren, [0, -1]);

    await signIn(westside, person);
    await insideAs(westside, maren, [0, -1]);
  });

  test('the company’s page in the browser: only the window that began it goes on, once', async () => {
    const { console } = stage;
    const yusuf = personNamed('Yusuf');
    const primary = await open(PRIMARY);
    await identify(primary, yusuf.email);
    await expect(primary.getByRole('button', { name: /Open the browser/ })).toBeFocused();
    await primary.keyboard.press('Enter');
    const primaryPage = await openedPage();

    await identify(westside, yusuf.email);
    await expect(westside.getByRole('button', { name: /Open the browser/ })).toBeFocused();
    await picture('browser');
    await westside.keyboard.press('Enter');
    await waitsForBrowser(westside);
    await picture('browser-waiting');
    const westsidePage = await openedPage();
    expect(westsidePage).not.toBe(primaryPage);
    expect(westsidePage.startsWith(`${stage.system.identity.url}/`)).toBe(true);
    // No page holds the address, and none could name another.
    expect(await westside.content()).not.toContain(new URL(westsidePage).pathname);

    const launcher = await console.launcher();
    const launcherSaysNobody = async () => {
      await expect(launcher.getByRole('alert')).toContainText('Nobody was signed in');
      await launcher.getByRole('button', { name: 'Dismiss' }).press('Enter');
      await expect(launcher.getByRole('alert')).toHaveCount(0);
    };
    await console.followLink('caisey://sso-callback?rotating_token_nonce=forged');
    await launcherSaysNobody();
    await waitsForBrowser(westside);
    await waitsForBrowser(primary);

    const back = await answerCompanyPage(westsidePage);
    await console.followLink(back);
    await expect(westside.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    await waitsForBrowser(primary);
    await insideAs(westside, yusuf, [0, -1]);
    // Used, and late.
    await console.followLink(back);
    await launcherSaysNobody();
    await waitsForBrowser(primary);
    await expect(westside.getByLabel('E-mail')).toBeVisible();
  });

  test('the window that adds clients takes the company’s page as well', async () => {
    const { console } = stage;
    const yusuf = personNamed('Yusuf');
    const launcher = await console.launcher();
    await launcher.keyboard.press('Control+N');
    const adding = await waitFor('the window that adds clients', () => console.pages('add')[0]);
    await identify(adding, yusuf.email);
    await expect(adding.getByRole('button', { name: /Open the browser/ })).toBeFocused();
    await picture('adding-browser', adding);
    await adding.keyboard.press('Enter');
    await console.followLink(await answerCompanyPage(await openedPage()));
    await expect(adding.getByRole('status')).toContainText('All your clients are on this computer already');
    await Promise.all([adding.waitForEvent('close'), adding.keyboard.press('Escape').catch(() => undefined)]);
  });

  test('what this console cannot do is named, with a next step', async () => {
    await identify(westside, personNamed('Oren').email);
    await expect(westside.getByRole('alert')).toContainText('Your account asks for a passkey');
    await expect(westside.getByRole('alert')).toContainText('Ask an administrator');
    await picture('passkey');
    await expect(westside.getByRole('button', { name: /Start again/ })).toBeFocused();
    await westside.keyboard.press('Enter');

    const petra = personNamed('Petra');
    await signIn(westside, { identifier: petra.email, password: petra.password });
    await expect(westside.getByRole('alert')).toContainText('asks for a code by text message');
    await westside.keyboard.press('Enter');
    await identify(westside, 'nobody@nightops.example');
    await expect(westside.getByRole('alert')).toContainText('No account has this address');
    await picture('unknown-address');
  });
});

function personNamed(firstName: string): UserSeed {
  const seed = readSeed(demoSeedFile);
  if (!seed.ok) throw new Error(seed.reason);
  const found = seed.seed.users.find((user) => user.firstName === firstName);
  if (found === undefined) throw new Error(`seed.json has no ${firstName}`);
  return found;
}

/** Of the newest session token that main let through: the one that the relay has admitted. */
function newestClaims({ answers }: PageTraffic): unknown {
  const tokens = answers.flatMap(({ body }) => body.match(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g) ?? []);
  return JSON.parse(Buffer.from(tokens.at(-1)?.split('.')[1] ?? '', 'base64url').toString());
}
