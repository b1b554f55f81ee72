import { expect, test } from '@playwright/test';
import { people } from '../harness/people.ts';
import { openStage } from '../harness/stage.ts';
import { ownCertificate } from '../prove/stream/own-certificate.ts';
import { webhookReceiver } from '../prove/stream/receivers.ts';
import { auditLines } from './story/audit-lines.ts';
import { enterClient } from './story/keyboard.ts';
import { WESTSIDE } from './story/story.ts';

const pictures = process.env['CAISEY_PICTURES'];
/** Events are signed within 10 s, and sent soon after. */
const ARRIVES_WITHIN_MS = 20_000;
const TOKEN = 'Splunk planted-token';

test('an administrator sends a client’s record to a SIEM by keys, sees it arrive, fail and go on, and ends it', async () => {
  test.setTimeout(90_000);
  const certificate = ownCertificate();
  const { system, console, dispose } = await openStage({
    preferredPort: 18_900,
    receivers: { private: true, trustedCertificates: [certificate.cert] },
  });
  let secret = '';
  let receiver = await webhookReceiver(certificate, () => secret);
  const { port } = receiver;
  try {
    const westside = await enterClient(console, WESTSIDE, people.admin);
    await expect(westside.getByRole('combobox', { name: 'Search machines' })).toBeVisible();
    const picture = async (name: string) => {
      if (pictures !== undefined) await westside.screenshot({ path: `${pictures}/stream-${name}.png` });
    };
    const keys = async (...pressed: readonly string[]) => {
      for (const key of pressed) await westside.keyboard.press(key);
    };

    // Found by its name, which shows its key.
    await keys('Control+Shift+P');
    await westside.keyboard.type('siem');
    const [found] = await westside.getByRole('dialog').getByRole('option').all();
    await expect(found ?? westside.getByRole('dialog')).toContainText('Live stream of the record to a SIEM');
    await expect(found ?? westside.getByRole('dialog')).toContainText('G');
    await keys('Enter');
    const stream = westside.getByRole('dialog', { name: `Live stream of ${WESTSIDE}` });
    await expect(stream.getByRole('status')).toContainText('Off');
    await picture('off');

    await expect(stream.getByRole('button', { name: /Name a receiver/ })).toBeFocused();
    await keys('Enter');
    await expect(stream.getByRole('radio', { name: 'HTTPS webhook' })).toBeFocused();
    await keys('Tab');
    await westside.keyboard.type(`http://localhost:${port}/in?token=planted-path`);
    await keys('Enter');
    await expect(stream.getByRole('alert')).toContainText('begins with https://');
    await keys('Home', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight');
    await westside.keyboard.type('s');
    await keys('Tab', 'Tab');
    await westside.keyboard.type(TOKEN);
    // From the first event, which was long before.
    await keys('Tab', 'ArrowRight');
    await picture('webhook');
    await keys('Enter');

    secret = (await stream.getByTestId('stream-secret').textContent()) ?? '';
    expect(secret).toMatch(/^whsec_/);
    await picture('secret');
    await expect(stream.getByRole('button', { name: /Copy the secret/ })).toBeFocused();
    await keys('Enter');
    await expect(stream.getByRole('button', { name: /Copied/ })).toBeVisible();
    expect(await console.application.evaluate(({ clipboard }) => clipboard.readText())).toBe(secret);
    await keys('Shift+Tab', 'Enter');
    await expect(stream.getByTestId('stream-secret')).toHaveCount(0);
    const state = stream.getByRole('status', { name: 'State of the stream' });
    await expect(state).toContainText('Delivered, nothing waits', { timeout: ARRIVES_WITHIN_MS });
    const changed = (await auditLines(system, WESTSIDE)).findIndex(({ event }) => event === 'stream.changed');
    const arrived = () => receiver.arrived.map(({ seq }) => seq);
    await expect.poll(() => arrived().length, { timeout: ARRIVES_WITHIN_MS }).toBeGreaterThan(changed);
    expect(arrived().slice(0, changed + 1)).toEqual(Array.from({ length: changed + 1 }, (_, at) => at + 1));
    expect(receiver.faults).toEqual([]);
    await picture('delivered');

    // The receiver goes away: what happened, since when, and what to do. Nothing that was given to it is shown.
    await receiver.close();
    await keys('Escape', 'Control+Shift+K');
    await westside.keyboard.type('WEST-PRINT');
    await keys('Enter', 'Control+Shift+G');
    await expect(stream.getByRole('alert')).toContainText('The receiver cannot be reached', {
      timeout: ARRIVES_WITHIN_MS,
    });
    await expect(stream.getByRole('alert')).toContainText('unreachable');
    await expect(state).toContainText(/Waiting, \d+ events? behind/);
    await picture('waiting');
    expect(await stream.textContent()).not.toContain('planted');

    receiver = await webhookReceiver(certificate, () => secret, port);
    await expect(state).toContainText('Delivered, nothing waits', { timeout: ARRIVES_WITHIN_MS });
    expect(receiver.faults).toEqual([]);
    expect(arrived()[0]).toBeGreaterThan(changed);

    // Away itself, the relay is not asked: what was told stands, and says that it may be old.
    const restart = await system.outage('relay');
    await expect(stream.getByRole('alert')).toContainText('This may be old', { timeout: ARRIVES_WITHIN_MS });
    await restart();
    await expect(stream.getByRole('alert')).toHaveCount(0, { timeout: ARRIVES_WITHIN_MS });

    await keys('Shift+Tab', 'Enter');
    await expect(stream.getByRole('button', { name: /Keep sending/ })).toBeFocused();
    await keys('Tab', 'Enter');
    await expect(stream.getByRole('status')).toContainText('Off');
    const told = (await auditLines(system, WESTSIDE)).filter(({ event }) => event === 'stream.changed');
    expect(told).toHaveLength(2);
    expect(JSON.stringify(told)).not.toContain('planted');
  } finally {
    await receiver.close();
    await dispose();
  }
});
