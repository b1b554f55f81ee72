import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { people } from '../../../harness/people.ts';
import { auditLines } from '../audit-lines.ts';
import { signIn, unlock } from '../keyboard.ts';
import { PRIMARY, PRINT_SERVER, PRINT_SERVER_VARIANT, WESTSIDE, workspaceNamed } from '../story.ts';
import type { Story, StoryRow } from '../story.ts';

const REVIEW_LIMIT_MS = 90_000;

export const row9: StoryRow = {
  number: 9,
  title: 'The morning review shows the near-miss, and a clean session',
  play: async (story) => {
    const beganAt = performance.now();
    const actions = (await reviewWestside(story)) + (await reviewPrimary(story));
    // A person acts once a second, beside all that the machine took.
    const tookMs = performance.now() - beganAt + actions * 1000;
    expect(tookMs).toBeLessThan(REVIEW_LIMIT_MS);
    story.note(
      `both reviews, sign-ins included: ${actions} actions, ${(tookMs / 1000).toFixed(1)} s at one a second`,
    );
    await checkAudit(story);
    checkRendererOf(story, WESTSIDE, PRIMARY);
    checkRendererOf(story, PRIMARY, WESTSIDE);
  },
};

/** Enter, address, Enter, password, Enter. */
const SIGN_IN_ACTIONS = 5;

async function openReview(page: Page): Promise<void> {
  await unlock(page);
  await signIn(page, people.reviewer);
  await expect(page.getByRole('heading', { name: 'Review' })).toBeVisible();
}

/** Keys that a person presses one after the other. @returns how many */
async function press(page: Page, ...keys: readonly string[]): Promise<number> {
  for (const key of keys) await page.keyboard.press(key);
  return keys.length;
}

async function reviewWestside({ console, picture }: Story): Promise<number> {
  const page = await console.workspace(WESTSIDE);
  await openReview(page);
  const cards = page.getByRole('listbox', { name: 'What happened' }).getByRole('option');
  await expect(cards).toHaveCount(2);
  const attempt = cards.first();
  await expect(attempt).toHaveAttribute('aria-label', `Aborted attempt of ${people.technician.name}`);
  await expect(attempt).toContainText('Switched to another client');
  for (const query of [PRINT_SERVER, PRINT_SERVER_VARIANT]) {
    await expect(attempt.getByRole('row', { name: new RegExp(`${query}\\s+no results`) })).toBeVisible();
  }
  await expect(attempt.getByText(/^at \d\d:\d\d:\d\d$/)).toBeVisible();
  await picture('9-review-westside', page);
  const keys = await press(page, 'r', 'r', 'c');
  await expect(page.getByText(`Review of ${WESTSIDE} completed in`)).toBeVisible();
  return SIGN_IN_ACTIONS + keys;
}

async function reviewPrimary({ console, picture }: Story): Promise<number> {
  const page = await console.workspace(PRIMARY);
  await openReview(page);
  const cards = page.getByRole('listbox', { name: 'What happened' }).getByRole('option');
  await expect(cards).toHaveCount(1);
  const session = cards.first();
  await expect(session).toHaveAttribute(
    'aria-label',
    `Session of ${people.technician.name} on ${PRINT_SERVER}`,
  );
  let keys = await press(page, 'Enter');
  // Five runbook steps, the test print and the exit: each with its exit code.
  await expect(session.getByRole('row')).toHaveCount(7);
  await expect(session.getByRole('row', { name: /spoolctl purge --stuck.*runbook.*exit 0/ })).toBeVisible();
  await expect(session.getByText('no exit code')).toHaveCount(0);
  await picture('9-review-primary', page);

  keys += await press(page, 'p');
  const player = page.getByRole('region', { name: `Recording of ${PRINT_SERVER}` });
  await player.waitFor();
  // It plays: at once, and looked at often, or the first command and what it printed have gone by.
  keys += await press(page, 'n');
  const screen = player.locator('.xterm-rows');
  await expect
    .poll(async () => (await screen.textContent())?.replaceAll('\u00A0', ' '), { intervals: [50] })
    .toMatch(new RegExp(`svc-admin@${PRINT_SERVER}.*spooler: running`));
  await picture('9-recording', page);
  keys += await press(page, 'Escape', 'r', 'c');
  await expect(page.getByText(`Review of ${PRIMARY} completed in`)).toBeVisible();
  return SIGN_IN_ACTIONS + keys;
}

/** Public audit lines are what a client could ever see. */
async function checkAudit(story: Story): Promise<void> {
  const westside = await auditLines(story.system, WESTSIDE);
  const aborted = westside.filter(({ event }) => event === 'session_attempt.aborted');
  expect(aborted).toHaveLength(1);
  expect(aborted[0]).toMatchObject({
    reason: 'switched',
    zero_results: true,
    org_switched_at: expect.any(Number),
  });
  expect(aborted[0]?.queries).toHaveLength(2);
  expect(westside.map(({ event }) => event)).toEqual(
    expect.arrayContaining([
      'link.opened',
      'paste.blocked',
      'workspace.switch_requested',
      'review.completed',
    ]),
  );
  const { orgId } = workspaceNamed(story, PRIMARY);
  const text = JSON.stringify(westside);
  for (const secret of [PRIMARY, orgId, PRINT_SERVER, PRINT_SERVER_VARIANT, 'rimary'])
    expect(text).not.toContain(secret);

  const primary = (await auditLines(story.system, PRIMARY)).map(({ event }) => event);
  expect(primary).not.toContain('session_attempt.aborted');
  expect(primary).toEqual(
    expect.arrayContaining(['session_attempt.connected', 'runbook.run', 'session.ended', 'review.completed']),
  );
}

/** No byte that main let through to a client's renderer names the other one. */
function checkRendererOf(story: Story, name: string, other: string): void {
  const { orgId, frame } = workspaceNamed(story, other);
  const slug = frame.name.toLowerCase().replace('_', '-');
  const own = workspaceNamed(story, name).orgId;
  const answers = story.traffic.answers.filter(({ page }) => story.console.pages('workspace').includes(page));
  const mine = answers.filter(({ body }) => body.includes(own));
  expect(mine.length).toBeGreaterThan(0);
  for (const { page } of mine) {
    for (const { url, body } of answers.filter((answer) => answer.page === page)) {
      for (const planted of [frame.name, slug, orgId]) expect(body, `${name}: ${url}`).not.toContain(planted);
    }
  }
}
