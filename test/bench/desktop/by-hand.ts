// What a person does in a console that nothing is attached to but for the moment of each key.
import { PAGES } from '#contract/ipc.ts';
import { people } from '../../harness/people.ts';
import { PROMPT } from '../terminal/remote-shell.ts';
import { PageHold } from './page-hold.ts';

const SCREEN = `document.querySelector('section[data-active="true"] .xterm-rows')?.textContent`;

/** Chooses a client in the launcher. @returns epoch ms of the Enter, as the system told of it */
export async function choose(port: number, client: string): Promise<number> {
  const launcher = await PageHold.take(port, PAGES.launcher);
  await launcher.until('the launcher’s field', 'document.activeElement instanceof HTMLInputElement');
  await launcher.fill(client);
  await launcher.until(
    `the one client ${client}`,
    `document.querySelectorAll('[role="option"]').length === 1`,
  );
  await launcher.evaluate(
    `addEventListener('keydown', ({ timeStamp }) => { window.enteredAt = performance.timeOrigin + timeStamp; }, { capture: true, once: true })`,
  );
  await launcher.press('Enter');
  const enteredAtMs = await launcher.evaluate<number>('window.enteredAt');
  await launcher.letGo();
  return enteredAtMs;
}

/** Into the window that stands at its sign-in, up to the list of machines. */
export async function signIn(page: PageHold): Promise<void> {
  for (const [type, text] of [
    ['email', people.technician.identifier],
    ['password', people.technician.password],
  ] as const) {
    await page.until(`the ${type}`, `document.activeElement?.type === '${type}'`);
    await page.fill(text);
    await page.press('Enter');
  }
  await page.until('the machines', `document.activeElement?.getAttribute('role') === 'combobox'`);
}

/** Opens a session on a machine and prints that many lines of its file `flood`. */
export async function fillTerminal(page: PageHold, machineName: string, lines: number): Promise<void> {
  await page.fill(machineName);
  await page.until('the machine', `document.querySelectorAll('[role="option"]').length > 0`);
  await page.press('Enter');
  await page.until('its answer', `/Answered in \\d+ ms/.test(document.body.textContent)`);
  await page.press('Enter');
  const shows = (text: string) => `${SCREEN}?.replaceAll('\\u00a0', ' ').includes('${text}') === true`;
  await page.until('the prompt', shows(PROMPT));
  await page.insert(`head -n ${lines} flood; echo DO''NE`);
  await page.press('Enter');
  await page.until('the last line', shows('DONE'));
}

const FIRST_PAINT = `performance.getEntriesByType('paint').find(({ name }) => name === 'first-paint')`;

/** Epoch ms of a page's first paint: when it was presented, which is after the window was told to show itself. */
export async function firstPaintAt(page: PageHold): Promise<number> {
  await page.until('the first paint', `${FIRST_PAINT} !== undefined`);
  return page.evaluate(`performance.timeOrigin + ${FIRST_PAINT}.startTime`);
}
