import { openSync, closeSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { enterWorkspace } from '../../local/demo/workspace-calls.ts';
import { signIn as signInFromNode } from '../../local/identity/sign-in.ts';
import { fileLines } from '../../verify/file-lines.ts';
import { readVerifierKey } from '../../verify/note.ts';
import { verifyEvidence } from '../../verify/verify-evidence.ts';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { enterClient } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

/** Signed within 10 s of an event, and asked for soon after. */
const CHECKPOINT_WITHIN_MS = 20_000;
const pictures = process.env['CAISEY_PICTURES'];

test('a reviewer exports the record by a key, and it verifies; a record that was cut is told on return', async () => {
  const { system, console, dispose } = await openStage({ preferredPort: 18_400 });
  const folder = await mkdtemp(join(tmpdir(), 'caisey-export-'));
  try {
    // The person's answer to main's dialog.
    await console.application.evaluate(({ dialog }, place) => {
      dialog.showSaveDialog = (...args: unknown[]) => {
        const { defaultPath } = args.at(-1) as { defaultPath: string };
        return Promise.resolve({
          canceled: false,
          filePath: `${place}/${defaultPath.split(/[/\\]/).at(-1)}`,
        });
      };
    }, folder);
    const westside = await enterClient(console, WESTSIDE, people.reviewer);
    await expect(westside.getByRole('listbox', { name: 'What happened' })).toBeFocused();
    await westside.keyboard.press('e');
    await expect(westside.getByText(/events exported to evidence-reviewer-/)).toBeVisible();
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/exported.png` });
    const names = await readdir(folder);
    expect(names).toEqual([expect.stringMatching(/^evidence-reviewer-\d{4}-\d\d-\d\d\.ndjson$/)]);

    await westside.keyboard.press('x');
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/export-as.png` });
    await westside.keyboard.press('Enter');
    await expect(westside.getByText(/The report was saved as night-\w+-[\d-]+\.pdf/)).toBeVisible();
    await westside.keyboard.press('x');
    for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await westside.keyboard.press(key);
    await expect(westside.getByText(/events exported to record-csv-/)).toBeVisible();
    const others = (await readdir(folder)).filter((name) => !names.includes(name)).toSorted();
    expect(others).toEqual([
      expect.stringMatching(/^night-\w+-.*\.pdf$/),
      expect.stringMatching(/^record-csv-.*\.csv$/),
    ]);
    const [report, table] = await Promise.all(others.map((name) => readFile(join(folder, name))));
    expect(report?.subarray(0, 5).toString()).toBe('%PDF-');
    expect(table?.toString()).toMatch(/^\uFEFF"seq","time \(UTC\)",.*\r\n"\d+","[\d-]{10} /);
    if (pictures !== undefined && report !== undefined) await writeFile(`${pictures}/night.pdf`, report);

    const orgId = system.workspaces.find(({ frame }) => frame.name === WESTSIDE)?.orgId;
    if (orgId === undefined) throw new Error('no workspace');
    const session = await signInFromNode({
      url: system.identity.url,
      ...people.reviewer,
      organizationId: orgId,
    });
    const workspace = await enterWorkspace(system.relayUrl, session.token);
    const { keys } = await workspace.call('audit.key', {});
    await workspace.leave();
    const key = readVerifierKey(keys[0]?.verifierKey ?? '');
    if (key === null) throw new Error('no key');
    const file = openSync(join(folder, names[0] ?? ''), 'r');
    const verdict = verifyEvidence(fileLines(file), { keys: [key], lastSeen: null, witnesses: [] });
    closeSync(file);
    expect(verdict).toMatchObject({ ok: true });

    // As if the relay had been put back to a backup: the console remembers more than it is shown.
    const readRemembered = () => westside.evaluate(() => localStorage.getItem('caisey.last-checkpoint'));
    await expect.poll(readRemembered, { timeout: CHECKPOINT_WITHIN_MS }).toMatch(/caisey\.audit/);
    const remembered = await readRemembered();
    await westside.evaluate((text) => {
      localStorage.setItem('caisey.last-checkpoint', text.replace(/\\n(\d+)\\n/, '\\n9$1\\n'));
    }, remembered ?? '');
    const restart = await system.outage('relay');
    await expect(westside.getByRole('status', { name: 'Connection' })).toContainText('Reconnecting');
    await restart();
    await expect(westside.getByRole('alert')).toContainText('The record of this client was cut or changed');
    if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/record-cut.png` });
  } finally {
    await dispose();
    await rm(folder, { recursive: true, force: true });
  }
});
