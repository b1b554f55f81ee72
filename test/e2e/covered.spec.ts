import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PAGES } from '#contract/ipc.ts';
import { choose, onScreen, openSession, signIn, typeLine } from '../harness/by-hand.ts';
import { PageHold } from '../harness/page-hold.ts';
import { PlainProgram } from '../harness/plain-program.ts';
import { consoleExecutable } from '../harness/stage.ts';
import { startTestSystem } from '../harness/test-system.ts';
import { waitFor } from '../harness/wait-for.ts';
import { PRIMARY, WESTSIDE } from './story/story.ts';

const MACHINE = 'WEST-FILE-01';
/** Far more than what may be under way undrawn: it ends when the page has taken nearly all of it. */
const OUTPUT_BYTES = 16_000_000;
const VISIBILITY = 'document.visibilityState';

// Without Playwright, which makes every page believe that it is seen.
test('a job of a client goes on at its pace while another client’s window covers it, and nothing is drawn', async () => {
  const executable = await consoleExecutable();
  const system = await startTestSystem({ preferredPort: 48_770 });
  const home = join(system.stateDir, 'machines', MACHINE, 'home');
  const program = new PlainProgram(executable, [
    `--user-data-dir=${join(system.stateDir, 'console')}`,
    `--config=${system.consoleConfigFile}`,
    '--remote-debugging-port=0',
  ]);
  try {
    await program.shown('launcher');
    const port = await program.debuggingPort();
    await choose(port, WESTSIDE);
    await program.shown('workspace');
    const westside = await PageHold.take(port, PAGES.workspace);
    await signIn(westside);
    await openSession(westside, MACHINE, `svc-admin@${MACHINE}`);
    const output = `printf '\\a'; head -c ${OUTPUT_BYTES} /dev/zero | tr '\\0' x | fold -w 79; echo`;
    await typeLine(westside, `until [ -e ~/go ]; do sleep 0.1; done; ${output}; touch ~/over; echo LA''ST`);
    await westside.press('Control+Shift+KeyO');
    await westside.letGo();

    await choose(port, PRIMARY);
    await program.shown('workspace', 2);
    const covered = await PageHold.look(port, westside.targetId);
    await covered.until('the window to be covered', `${VISIBILITY} === 'hidden'`);
    await covered.evaluate('void requestAnimationFrame(() => { window.hasDrawn = true; })');
    await writeFile(join(home, 'go'), '');
    await waitFor('the end of the job', () => existsSync(join(home, 'over')));
    expect(await covered.evaluate(`[${VISIBILITY}, window.hasDrawn === true]`)).toEqual(['hidden', false]);

    await covered.evaluate(`document.addEventListener('visibilitychange', () =>
      setTimeout(() => { window.flashes = document.getAnimations().map(({ effect }) => effect.target.className); }))`);
    const primary = await PageHold.take(port, PAGES.workspace, new Set([westside.targetId]));
    await primary.press('Control+Shift+KeyO');
    await primary.letGo();
    await choose(port, WESTSIDE);
    await covered.until('the window to be seen', `${VISIBILITY} === 'visible'`);
    await onScreen(covered, 'LAST');
    // The bell that rang meanwhile is seen now, and its mark stands until somebody does something here.
    expect(await covered.evaluate('window.flashes.join()')).toContain('xterm');
    const mark = `document.querySelector('[aria-label="Bell rang:"]')`;
    expect(await covered.evaluate(`${mark} !== null`)).toBe(true);
    await covered.press('KeyA');
    await covered.until('the mark of the bell to go', `${mark} === null`);
    await covered.letGo();
  } finally {
    await program.dispose();
    await system.dispose();
  }
});
