import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { ConsoleApp } from '../../harness/console-app.ts';
import type { TestPerson } from '../../harness/people.ts';

/** The e-mail address into the sign-in form of a window, and on to what the account asks for. */
export async function identify(page: Page, address: string): Promise<void> {
  const email = page.getByLabel('E-mail');
  await email.waitFor();
  await email.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(address);
  await page.keyboard.press('Enter');
}

/** E-mail and password; the password alone where it is asked for again. */
export async function signIn(page: Page, person: Pick<TestPerson, 'identifier' | 'password'>): Promise<void> {
  const password = page.getByLabel('Password', { exact: true });
  await page.getByLabel('E-mail').or(password).first().waitFor();
  if (!(await password.isVisible())) await identify(page, person.identifier);
  await expect(password).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(person.password);
  await page.keyboard.press('Enter');
}

/** Opens a client's window from the launcher, found by the end of its name, and signs in there. */
export async function enterClient(console: ConsoleApp, name: string, person: TestPerson): Promise<Page> {
  const launcher = await console.launcher();
  await launcher.keyboard.type(name.replace(/^.*_/, ''));
  await launcher.keyboard.press('Enter');
  const page = await console.workspace(name);
  await signIn(page, person);
  return page;
}

/** From anywhere to a shell of the machine. */
export async function openSession(page: Page, machine: string): Promise<void> {
  await search(page, machine);
  await expect(page.getByText(/^Answered in \d+ ms/)).toBeVisible();
  await page.keyboard.press('Enter');
  await expectOnScreen(page, `svc-admin@${machine}`);
}

/** From the lock screen to the sign-in form. */
export async function unlock(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: /Sign in again/ })).toBeFocused();
  await page.keyboard.press('Enter');
}

/** The search of the machines, whatever has the focus now. */
export async function search(page: Page, query: string): Promise<void> {
  await page.keyboard.press('Control+Shift+K');
  await expect(page.getByRole('combobox', { name: 'Search machines' })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(query);
  await page.keyboard.press('Enter');
}

/** The terminal that is shown. */
export function terminal(page: Page) {
  return page.locator('section[data-active="true"]').getByTestId('terminal');
}

/** The rows on its screen. */
export async function screenText(page: Page): Promise<string> {
  const rows = await terminal(page).locator('.xterm-rows > div').allTextContents();
  return rows
    .map((row) => row.replaceAll('\u00a0', ' ').trimEnd())
    .join('\n')
    .trim();
}

/** Waits until the screen shows the text. */
export async function expectOnScreen(page: Page, text: string, limitMs = 15_000): Promise<void> {
  await expect.poll(() => screenText(page), { timeout: limitMs }).toContain(text);
}

/** Type a line into the terminal that has the focus. */
export async function typeLine(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}
