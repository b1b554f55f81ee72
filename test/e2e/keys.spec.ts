import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ConsoleApp } from '../harness/console-app.ts';
import { people } from '../harness/people.ts';
import { consoleExecutable, openStage } from '../harness/stage.ts';
import { enterClient, openSession, screenText } from './story/keyboard.ts';
import { PRIMARY, WESTSIDE } from './story/story.ts';

test('a key is changed by pressing another, in every window at once, and no key of a terminal can be one', async () => {
  const { console, dispose } = await openStage({ preferredPort: 48_850 });
  try {
    const primary = await enterClient(console, PRIMARY, people.technician);
    await expect(primary.getByRole('button', { name: 'Runbooks Ctrl Shift R' })).toBeVisible();
    await primary.keyboard.press('Control+Shift+O');
    const west = await enterClient(console, WESTSIDE, people.technician);
    const { keyboard } = west;
    await openSession(west, 'WEST-FILE-01');

    // From the palette, over a terminal that keeps all of its own keys meanwhile.
    await keyboard.press('Control+Shift+P');
    await keyboard.type('change keys');
    await keyboard.press('Enter');
    const editor = west.getByRole('dialog', { name: 'Change keys' });
    const chosen = editor.getByRole('option', { selected: true });
    await expect(editor.getByRole('listbox')).toBeFocused();
    while (!(await chosen.textContent())?.startsWith('Runbooks')) await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await expect(chosen).toContainText('press its new key');
    for (const [chord, code, says] of [
      ['Control+c', 'key_of_terminal', 'belongs to what runs in a terminal'],
      ['Alt+b', 'key_of_terminal', 'Alt'],
      ['Enter', 'key_of_question', 'answer sign-ins'],
      ['Control+Shift+Enter', 'key_of_question', 'answer sign-ins'],
      ['Control+Shift+L', 'key_taken', 'Lock this client'],
    ] as const) {
      await keyboard.press(chord);
      await expect(editor.getByRole('status')).toContainText(code);
      await expect(editor.getByRole('status')).toContainText(says);
    }
    await keyboard.press('Control+Shift+F9');
    await expect(chosen).toContainText('changed');
    await expect(chosen).toContainText('CtrlShiftF9');
    await keyboard.press('Escape');
    await expect(editor).toHaveCount(0);
    expect(await screenText(west)).not.toContain('^C');

    // Here and in the other window, in what is shown and in what it does; the old key is free.
    for (const page of [west, primary])
      await expect(page.getByRole('button', { name: 'Runbooks Ctrl Shift F9' })).toBeVisible();
    const runbooks = west.getByRole('dialog', { name: 'Runbooks' });
    await keyboard.press('Control+Shift+F9');
    await expect(runbooks).toBeVisible();
    await keyboard.press('Escape');
    await keyboard.press('Control+Shift+R');
    await expect(runbooks).toHaveCount(0);
    const userData = await console.application.evaluate(({ app }) => app.getPath('userData'));
    expect(JSON.parse(await readFile(join(userData, 'keys.json'), 'utf8'))).toEqual({
      version: 1,
      keys: { runbooks: 'Control+Shift+F9' },
    });

    // From the list of all keys; back to the usual ones.
    await keyboard.press('Control+Shift+/');
    await expect(west.getByRole('dialog', { name: 'Keys' })).toContainText('F9');
    await keyboard.press('Enter');
    await expect(editor.getByRole('listbox')).toBeFocused();
    await keyboard.press('Shift+Delete');
    await keyboard.press('Escape');
    for (const page of [west, primary])
      await expect(page.getByRole('button', { name: 'Runbooks Ctrl Shift R' })).toBeVisible();
  } finally {
    await dispose();
  }
});

test('a file of keys that cannot be read is kept beside, and said', async () => {
  const userDataDir = await mkdtemp(join(tmpdir(), 'caisey-keys-'));
  try {
    const configFile = join(userDataDir, 'console.json');
    const nowhere = Buffer.from('127.0.0.1:9$').toString('base64');
    await writeFile(
      configFile,
      JSON.stringify({ publishableKey: `pk_test_${nowhere}`, relayUrl: 'http://127.0.0.1:9' }),
    );
    await writeFile(join(userDataDir, 'keys.json'), '{"version":1,"keys":{"lock":');
    const console = await ConsoleApp.launch({
      executable: await consoleExecutable(),
      configFile,
      userDataDir,
    });
    try {
      const launcher = await console.launcher();
      await expect(
        launcher.getByText(/The changed keys could not be read: the usual ones are in force/),
      ).toContainText('keys.json.corrupt-');
      expect(await readdir(userDataDir)).toEqual(
        expect.arrayContaining([expect.stringMatching(/^keys\.json\.corrupt-/)]),
      );
    } finally {
      await console.dispose();
    }
  } finally {
    await rm(userDataDir, { recursive: true, force: true });
  }
});
