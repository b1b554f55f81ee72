import { expect } from '@playwright/test';
import { expectOnScreen, typeLine } from '../keyboard.ts';
import { PRIMARY } from '../story.ts';
import type { StoryRow } from '../story.ts';

const LINES = 3000;
const LONG_JOB = `for i in $(seq 1 ${LINES}); do echo "page $i of the test print"; [ $((i % 100)) -gt 0 ] || sleep 0.1; done; echo print"-"done`;
const EXPECTED = `${Array.from({ length: LINES }, (_, i) => `page ${i + 1} of the test print`).join('\r\n')}\r\nprint-done\r\n`;

export const row7: StoryRow = {
  number: 7,
  title: 'The fix runs, exact to the byte across a relay crash',
  play: async ({ console, system, traffic, picture }) => {
    const primary = await console.workspace(PRIMARY);
    await primary.keyboard.press('Control+Shift+R');
    const runbooks = primary.getByRole('dialog', { name: 'Runbooks' });
    await expect(runbooks.getByRole('option', { name: /Clear a stuck print queue/ })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await primary.keyboard.press('Enter');
    await expect(runbooks.getByRole('button', { name: /^Run/ })).toBeFocused();
    await expect(primary.getByTestId('enter-does')).toContainText(
      /^Enter runs “Clear a stuck print queue” on PRIM-PRINT-01$/,
    );
    await primary.keyboard.press('Enter');
    const run = primary.getByRole('region', { name: 'Runbook Clear a stuck print queue' });
    await expect(run.getByRole('status')).toContainText('Done · 5 of 5', { timeout: 20_000 });
    await expectOnScreen(primary, 'removed xray-0093.job');
    await picture('7-session', primary);

    const [sessionId] = traffic.sessionsOf(primary).slice(-1);
    expect(sessionId).toBeDefined();
    if (sessionId === undefined) return;
    await typeLine(primary, LONG_JOB);
    await expect.poll(() => traffic.outputOf(sessionId).includes('page 700 of')).toBe(true);
    const restart = await system.outage('relay');
    await restart();
    await expect
      .poll(() => traffic.outputOf(sessionId).includes('print-done\r\n'), { timeout: 30_000 })
      .toBe(true);
    const output = traffic.outputOf(sessionId).toString('latin1');
    const begin = output.lastIndexOf('page 1 of the test print\r\n');
    expect(output.slice(begin, begin + EXPECTED.length)).toBe(EXPECTED);
    await expectOnScreen(primary, `page ${LINES} of the test print\nprint-done`);
  },
};
