import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { openStage } from '../harness/stage.ts';

const statusOf = (pid: number | string) => readFileSync(`/proc/${pid}/status`, 'utf8');
// Processes forked by the zygote have it as one text.
const commandOf = (pid: number | string) =>
  readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');

function descendants(pid: number): readonly number[] {
  const found = [pid];
  // Grows while it is walked: children of children follow.
  for (const parent of found) found.push(...childrenOf(parent));
  return found.slice(1);
}

function childrenOf(pid: number): readonly number[] {
  const parent = new RegExp(`^PPid:\\s${pid}$`, 'm');
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => {
      try {
        return parent.test(statusOf(each));
      } catch {
        // It ended while we looked.
        return false;
      }
    });
}

test('the console runs as an ordinary user, its renderers inside Chromium’s sandbox', async () => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  const { console, dispose } = await openStage({ preferredPort: 48_750 });
  try {
    const launcher = await console.launcher();
    await expect(launcher.getByRole('option')).toHaveCount(2);
    await launcher.keyboard.press('Enter');
    await expect.poll(() => console.pages('workspace').length).toBe(1);
    const browser = console.application.process().pid;
    if (browser === undefined) throw new Error('the console has no process');
    expect(statusOf(browser)).not.toMatch(/^Uid:\s0\b/m);
    expect(commandOf(browser)).not.toContain('--no-sandbox');
    const renderers = descendants(browser).filter((pid) => commandOf(pid).includes('--type=renderer'));
    expect(renderers.length).toBeGreaterThanOrEqual(2);
    for (const renderer of renderers) {
      const status = statusOf(renderer);
      // Its own process namespace, and a system call filter: the filter alone is there without the sandbox as well.
      expect(status).toMatch(/^NSpid:(\s+\d+){2,}$/m);
      expect(status).toMatch(/^Seccomp:\s2$/m);
    }
  } finally {
    await dispose();
  }
});
