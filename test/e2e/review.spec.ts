import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { signIn as signInFromNode } from '../../local/identity/sign-in.ts';
import { fillNight } from '../harness/night.ts';
import { people } from '../harness/people.ts';
import type { TestPerson } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { WorkspacePeer } from '../harness/workspace-peer.ts';
import { percentile } from '../bench/bench.ts';
import { enterClient, signIn, unlock } from './story/keyboard.ts';
import { PRIMARY, WESTSIDE } from './story/story.ts';

const pictures = process.env['CAISEY_PICTURES'];
/** More than any client of a night with 40 clients, 120 sessions and 9 attempts: `npm run bench -- review` has that. */
const SESSIONS = 40;
const ATTEMPTS = 9;
const FAILS_EVERY = 8;
const EXCEPTIONS = ATTEMPTS + SESSIONS / FAILS_EVERY;

/** The last row of the terminal's screen lies within what is seen of it, and its text is no smaller than it may be. */
function lastRowIsInSight(player: Locator): Promise<boolean> {
  return player.getByTestId('terminal').evaluate((pane) => {
    const last = pane.querySelector('.xterm-rows > div:last-child');
    if (last === null) return false;
    const bottom = pane.getBoundingClientRect().top + pane.clientHeight;
    return last.getBoundingClientRect().bottom <= bottom + 0.5;
  });
}

/** From the key to the frame that shows what it did, for each press. */
async function timedPresses(page: Page, keys: readonly string[]): Promise<number[]> {
  await page.evaluate(() => {
    const painted: number[] = [];
    // An earlier round's listener goes on filling its own.
    Object.assign(window, { painted });
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          // After the frame: what was laid out and painted for it is done.
          port1.addEventListener('message', () => painted.push(performance.now() - timeStamp));
          port1.start();
          port2.postMessage(null);
        });
      },
      { capture: true },
    );
  });
  for (const key of keys) await page.keyboard.press(key);
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { painted: number[] }).painted.length))
    .toBe(keys.length);
  return page.evaluate(() => (window as unknown as { painted: number[] }).painted);
}

/** The night on paper, both ways: what deserves a look comes first, and no session is missing. */
async function exportReports(page: Page, folder: string): Promise<void> {
  for (const [extension, keys] of [
    ['pdf', ['x', 'Enter']],
    ['html', ['x', 'ArrowRight', 'Enter']],
  ] as const) {
    for (const key of keys) await page.keyboard.press(key);
    await expect(page.getByText(new RegExp(`The report was saved as night-.*\\.${extension}`))).toBeVisible();
  }
  const names = await readdir(folder);
  const read = (extension: string) =>
    readFile(join(folder, names.find((name) => name.startsWith('night-') && name.endsWith(extension)) ?? ''));
  const pdf = await read('.pdf');
  const pages = pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length ?? 0;
  if (pictures !== undefined) await writeFile(`${pictures}/night.pdf`, pdf);
  process.stdout.write(`report: ${pages} pages of ${SESSIONS} sessions and ${ATTEMPTS} attempts\n`);
  expect(pages).toBeGreaterThan(3);
  const cards = (await read('.html')).toString().match(/<section class="(?:odd|clean)/g) ?? [];
  expect(cards).toEqual([
    ...Array.from({ length: EXCEPTIONS }, () => '<section class="odd'),
    ...Array.from({ length: SESSIONS - SESSIONS / FAILS_EVERY }, () => '<section class="clean'),
  ]);
}

test('a night of 40 sessions and 9 attempts is reviewed by keys, played from a command, and told to the launcher', async () => {
  test.setTimeout(90_000);
  const { system, console, dispose } = await openStage({
    preferredPort: 18_700,
    relayBindings: { RATE_LIMIT_SCALE: '100' },
  });
  const folder = await mkdtemp(join(tmpdir(), 'caisey-review-'));
  const { orgId } = system.workspaces.find(({ frame }) => frame.name === WESTSIDE) ?? {};
  if (orgId === undefined) throw new Error('no workspace');
  const enter = async (person: TestPerson) => {
    const session = await signInFromNode({ url: system.identity.url, ...person, organizationId: orgId });
    return WorkspacePeer.connect({ relayUrl: system.relayUrl, getToken: () => session.getToken() });
  };
  const admin = await enter(people.admin);
  const night = await fillNight({
    relayUrl: system.relayUrl,
    machineName: 'WEST-NIGHT-01',
    sessions: SESSIONS,
    failsEvery: FAILS_EVERY,
    attempts: ATTEMPTS,
    enterTechnician: () => enter(people.technician),
    admin,
  });
  try {
    await console.application.evaluate(({ dialog }, place) => {
      dialog.showSaveDialog = (...args: unknown[]) => {
        const { defaultPath } = args.at(-1) as { defaultPath: string };
        return Promise.resolve({ canceled: false, filePath: `${place}/${defaultPath.split('/').at(-1)}` });
      };
    }, folder);
    const launcher = await console.launcher();
    const primary = await enterClient(console, PRIMARY, people.reviewer);
    await expect(primary.getByRole('listbox', { name: 'What happened' })).toBeVisible();
    await primary.keyboard.press('Control+Shift+L');
    // After Primary's window stands: the one that comes last is in front, and only from there is a file written.
    await launcher.keyboard.type('westside');
    await launcher.keyboard.press('Enter');
    const westside = await console.workspace(WESTSIDE);
    const sockets: string[] = [];
    westside.on('websocket', (socket) => sockets.push(socket.url()));
    await signIn(westside, people.reviewer);
    const list = westside.getByRole('listbox', { name: 'What happened' });
    await expect(list).toBeFocused();
    await expect(list.getByRole('option')).toHaveCount(SESSIONS + ATTEMPTS);
    await expect(westside.getByRole('list', { name: 'The night in numbers' })).toContainText(
      `${ATTEMPTS} aborted attempts${SESSIONS} sessions${SESSIONS * 3} commands${SESSIONS / FAILS_EVERY} failed`,
    );
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/night.png` });

    // Opening cards of the clean ones, one after the other, in three rounds: what else this machine does comes and goes.
    await westside.keyboard.press('4');
    const toFirstClean = Array.from({ length: SESSIONS / FAILS_EVERY }, () => 'j');
    for (const key of toFirstClean) await westside.keyboard.press(key);
    const rounds: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const times = await timedPresses(westside, Array.from({ length: 10 }, () => ['Enter', 'j']).flat());
      rounds.push(percentile(times, 0.95));
    }
    process.stdout.write(
      `review: key to card (goal ≤ 100), p95 ${rounds.map((ms) => ms.toFixed(0)).join(', ')} ms\n`,
    );

    // A command of any session, by its words, and playback from it. What is typed meanwhile reaches nothing.
    await westside.keyboard.press('/');
    await westside.keyboard.type('journalctl cups');
    await westside.keyboard.press('Enter');
    const hits = westside.getByRole('listbox', { name: 'Commands found' });
    await expect(hits.getByRole('option')).toHaveCount(SESSIONS);
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/commands-found.png` });
    await westside.keyboard.press('Enter');
    const player = westside.getByRole('region', { name: 'Recording of WEST-NIGHT-01' });
    const rows = player.locator('.xterm-rows');
    await expect(rows).toContainText('output of journalctl');
    // All of the recorded screen is in sight, in smaller text where the window is smaller than the recorded one.
    await westside.setViewportSize({ width: 900, height: 600 });
    await expect.poll(() => lastRowIsInSight(player)).toBe(true);
    await westside.setViewportSize({ width: 1280, height: 820 });
    const textSize = () => rows.evaluate((all) => Number.parseFloat(getComputedStyle(all).fontSize));
    await expect.poll(textSize).toBeGreaterThanOrEqual(11);
    await westside.keyboard.press('Home');
    await expect(rows).not.toContainText('output of');
    await westside.keyboard.press('n');
    await expect(rows).toContainText('output of lpstat');
    await westside.keyboard.press('/');
    await westside.keyboard.type('restart');
    await expect(player.getByRole('list', { name: 'Lines of output' }).getByRole('listitem')).toHaveCount(11);
    await westside.keyboard.press('ArrowDown');
    await westside.keyboard.press('Enter');
    await westside.keyboard.press('Escape');
    await player.getByTestId('terminal').click();
    await westside.keyboard.type('rm -rf /');
    await westside.keyboard.press('Enter');
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/playing.png` });
    expect(sockets.filter((url) => url.includes('/v1/terminals'))).toEqual([]);

    await westside.getByRole('heading', { name: 'WEST-NIGHT-01' }).click();
    await westside.keyboard.press('d');
    await expect(westside.getByText(/Recording saved as recording-west-night-01-\d+\.cast/)).toBeVisible();
    const names = await readdir(folder);
    const [head, ...events] = (await readFile(join(folder, names[0] ?? ''), 'utf8')).trimEnd().split('\n');
    expect(JSON.parse(head ?? '')).toMatchObject({ version: 3, term: { cols: 100, rows: 30 } });
    expect(events.filter((line) => JSON.parse(line)[1] === 'm')).toHaveLength(3);
    await westside.keyboard.press('Escape');
    await westside.keyboard.press('Escape');

    await exportReports(westside, folder);

    // Exceptions one by one, the clean ones at once.
    await westside.keyboard.press('2');
    await expect(list.getByRole('option')).toHaveCount(EXCEPTIONS);
    await westside.keyboard.press('a');
    await westside.keyboard.type('Asked: a slip, nothing was opened.');
    await westside.keyboard.press('Enter');
    await expect(list.getByRole('option').first()).toContainText('a slip, nothing was opened');
    const keys = [...Array.from({ length: EXCEPTIONS }, () => 'r'), 'Shift+R', 'c'];
    for (const key of keys) await westside.keyboard.press(key);
    await expect(westside.getByText(`Review of ${WESTSIDE} completed in`)).toBeVisible();
    process.stdout.write(
      `review: ${EXCEPTIONS} exceptions of ${SESSIONS + ATTEMPTS} in ${keys.length} keys\n`,
    );
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/completed.png` });

    // The round goes on in the launcher, which alone knows that there is another client.
    await westside.keyboard.press('Enter');
    await expect(launcher.getByText('1 of 2 still to review.')).toBeVisible();
    await expect(launcher.getByRole('option').first()).toContainText('Primary');
    if (pictures !== undefined) await launcher.screenshot({ path: `${pictures}/round.png` });
    expect(await westside.locator('body').textContent()).not.toContain('Primary');

    // Which is entered by a sign-in of its own, however fresh the one next door is.
    await launcher.keyboard.press('Enter');
    await unlock(primary);
    await signIn(primary, people.reviewer);
    await expect(primary.getByText(`Nothing happened in ${PRIMARY}`)).toBeVisible();
    await primary.keyboard.press('c');
    await expect(primary.getByText(`Review of ${PRIMARY} completed in`)).toBeVisible();
    await primary.keyboard.press('Enter');
    await expect(launcher.getByText('All reviewed.')).toBeVisible();
  } finally {
    night.dispose();
    admin.dispose();
    await dispose();
    await rm(folder, { recursive: true, force: true });
  }
});
