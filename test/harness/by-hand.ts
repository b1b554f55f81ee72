// What a person does in a console that nothing is attached to but for the moment of each key.
import { PAGES } from '#contract/ipc.ts';
import { PageHold } from './page-hold.ts';
import { people } from './people.ts';

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

/** From the search to a shell of the machine. */
export async function openSession(page: PageHold, machineName: string, prompt: string): Promise<void> {
  await page.fill(machineName);
  await page.until('the machine', `document.querySelectorAll('[role="option"]').length > 0`);
  await page.press('Enter');
  await page.until('its answer', `/Answered in \\d+ ms/.test(document.body.textContent)`);
  await page.press('Enter');
  await onScreen(page, prompt);
}

export async function typeLine(page: PageHold, line: string): Promise<void> {
  await page.insert(line);
  await page.press('Enter');
}

/** Until the terminal that is shown has drawn the text. */
export async function onScreen(page: PageHold, text: string): Promise<void> {
  await page.until(
    `“${text}” on the screen`,
    `${SCREEN}?.replaceAll('\\u00a0', ' ').includes(${JSON.stringify(text)}) === true`,
  );
}
