import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { expectOnScreen, search, terminal, typeLine } from '../../e2e/story/keyboard.ts';
import { median, percentile } from '../bench.ts';
import type { BenchRun, Measure } from '../bench.ts';
import { PROMPT } from '../terminal/remote-shell.ts';
import { enter } from './desktop-rig.ts';
import type { DesktopRig } from './desktop-rig.ts';
import { watch } from './painted.ts';

const KEYS = 150;
const SESSIONS = 8;
const FLOOD = 'while :; do cat flood; done';

/** P3 and P5: keys in a session, alone and while another one floods; Enter on a machine's card. */
export async function keys(
  { launch, plantMachines, clients, machineName }: DesktopRig,
  { log, signal }: BenchRun,
): Promise<readonly Measure[]> {
  await plantMachines();
  const console = await launch();
  const page = await enter(console, clients[0] ?? '');
  log('Enter on a card');
  const opened: number[] = [];
  for (let round = 0; round < SESSIONS && !signal.aborted; round += 1) {
    await search(page, machineName);
    await page.getByText(/^Answered in \d+ ms/).waitFor();
    const { painted } = await watch(page, { terminal: PROMPT });
    await page.keyboard.press('Enter');
    opened.push(await painted());
    if (round < SESSIONS - 1) await endSession(page);
  }
  log('keys in a quiet session');
  const idle = await keysPainted(page, signal);
  log('keys while another session floods');
  await typeLine(page, FLOOD);
  await page.keyboard.press('Control+Shift+T');
  await expectOnScreen(page, PROMPT.trim());
  await delay(1000);
  const flooded = await keysPainted(page, signal);
  await console.dispose();
  return [
    { name: 'P5 Enter to prompt painted, p50', value: median(opened), unit: 'ms', goal: { atMost: 300 } },
    { name: 'P5 Enter to prompt painted, longest', value: Math.max(...opened), unit: 'ms' },
    { name: 'P3 key to glyph painted, idle, p50', value: median(idle), unit: 'ms' },
    {
      name: 'P3 key to glyph painted, idle, p99',
      value: percentile(idle, 0.99),
      unit: 'ms',
      goal: { atMost: 25 },
    },
    { name: 'P3 key to glyph painted, another floods, p50', value: median(flooded), unit: 'ms' },
    {
      name: 'P3 key to glyph painted, another floods, p99',
      value: percentile(flooded, 0.99),
      unit: 'ms',
      goal: { atMost: 100 },
    },
  ];
}

async function endSession(page: Page): Promise<void> {
  await typeLine(page, 'exit');
  await terminal(page).getByText(PROMPT).first().waitFor();
}

/** One letter after the other, each another than what is on the line, so that its glyph tells itself. */
async function keysPainted(page: Page, signal: AbortSignal): Promise<readonly number[]> {
  const samples: number[] = [];
  await typeLine(page, 'clear');
  await expectOnScreen(page, PROMPT.trim());
  let typed = '';
  for (let key = 0; key < KEYS && !signal.aborted; key += 1) {
    if (typed.length === 26) {
      await page.keyboard.press('Control+u');
      typed = '';
    }
    await delay(20 + Math.random() * 40);
    const letter = String.fromCharCode(97 + typed.length);
    typed += letter;
    const { painted } = await watch(page, { terminal: `${PROMPT}${typed}` });
    await page.keyboard.press(letter);
    samples.push(await painted());
  }
  return samples;
}
