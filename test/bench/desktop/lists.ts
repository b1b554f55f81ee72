import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { median, percentile } from '../bench.ts';
import type { BenchRun, Measure } from '../bench.ts';
import { machineNames, seeded } from '../machine-names.ts';
import { enter } from './desktop-rig.ts';
import type { DesktopRig } from './desktop-rig.ts';
import { watch } from './painted.ts';

const QUERIES = 24;
const KEYS_A_QUERY = 5;
const SCROLL_STEPS = 120;
const REST_MS = 150;

/** P7: every key of a search among 100,000 machines to the rows that it leaves; the list scrolled by its wheel. */
export async function lists(
  { launch, plantMachines, clients }: DesktopRig,
  { log, signal }: BenchRun,
): Promise<readonly Measure[]> {
  await plantMachines();
  const console = await launch();
  const page = await enter(console, clients[0] ?? '');
  await page.getByRole('option').first().waitFor();
  log('scrolling');
  const frames = await scrolled(page);
  log('searching');
  const samples: number[] = [];
  const names = machineNames(QUERIES, seeded(7));
  await page.keyboard.press('Control+Shift+K');
  for (const name of names) {
    if (signal.aborted) break;
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.press('Delete');
    await delay(300);
    for (const key of name.slice(0, KEYS_A_QUERY)) {
      const { painted } = await watch(page, { restMs: REST_MS });
      await page.keyboard.press(key === ' ' ? 'Space' : key);
      samples.push(await painted());
    }
  }
  await console.dispose();
  return [
    { name: 'P7 key to results painted, p50', value: median(samples), unit: 'ms' },
    {
      name: 'P7 key to results painted, p99',
      value: percentile(samples, 0.99),
      unit: 'ms',
      goal: { atMost: 50 },
    },
    { name: 'scrolling 100,000 machines: frames', value: frames.length, unit: '' },
    { name: 'scrolling 100,000 machines: frame, p99', value: percentile(frames, 0.99), unit: 'ms' },
    {
      name: 'scrolling 100,000 machines: longest frame',
      value: Math.max(...frames),
      unit: 'ms',
      goal: { atMost: 50 },
    },
  ];
}

/** @returns ms between frames while the wheel turns */
async function scrolled(page: Page): Promise<readonly number[]> {
  const box = await page.getByRole('listbox', { name: 'Machines' }).locator('..').boundingBox();
  if (box === null) throw new Error('the list is not on screen');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(() => {
    const bench = window as unknown as { benchFrames: number[] };
    bench.benchFrames = [];
    let last = performance.now();
    const next = (atMs: number) => {
      bench.benchFrames.push(atMs - last);
      last = atMs;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  for (let step = 0; step < SCROLL_STEPS; step += 1) {
    // Now and then a leap, as with the scroll bar.
    await page.mouse.wheel(0, step % 10 === 9 ? 50_000 : 400);
    await delay(16);
  }
  return page.evaluate(() => (window as unknown as { benchFrames: number[] }).benchFrames.slice(1));
}
