import { expect, test } from '@playwright/test';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { waitFor } from '../harness/wait-for.ts';
import { auditLines } from './story/audit-lines.ts';
import { enterClient, search } from './story/keyboard.ts';
import { PRIMARY, PRINT_SERVER, PRINT_SERVER_VARIANT, WESTSIDE } from './story/story.ts';

test('a console killed in the middle leaves the near-miss, closed by the relay', async () => {
  const { system, console, dispose } = await openStage({
    preferredPort: 48_740,
    relayBindings: { ATTEMPT_TIMEOUT_MS: '1500' },
  });
  try {
    const westside = await enterClient(console, WESTSIDE, people.technician);
    await expect(westside.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    for (const query of [PRINT_SERVER, PRINT_SERVER_VARIANT]) {
      await search(westside, query);
      await expect(westside.getByTestId('absence')).toContainText(query);
    }
    await console.kill();

    const aborted = await waitFor('the relay to close the attempt', async () => {
      const lines = await auditLines(system, WESTSIDE);
      return lines.find(({ event }) => event === 'session_attempt.aborted');
    });
    expect(aborted).toMatchObject({ reason: 'timed_out', zero_results: true, org_switched_at: null });
    expect(aborted.queries).toHaveLength(2);
    const text = JSON.stringify(await auditLines(system, WESTSIDE));
    for (const planted of [PRIMARY, PRINT_SERVER, PRINT_SERVER_VARIANT]) expect(text).not.toContain(planted);
    expect(text).not.toContain('switch_requested');
  } finally {
    await dispose();
  }
});
