import { setTimeout as delay } from 'node:timers/promises';
import { expectOnScreen, search, typeLine } from '../../e2e/story/keyboard.ts';
import { median } from '../bench.ts';
import type { BenchRun, Measure } from '../bench.ts';
import { PROMPT } from '../terminal/remote-shell.ts';
import { enter } from './desktop-rig.ts';
import type { DesktopRig } from './desktop-rig.ts';
import { treeMemoryMB } from './memory.ts';
import { firstPaintAt, nextEnterAt } from './painted.ts';

const LINES = 5000;
/** Until garbage of the start is gone. */
const REST_MS = 8000;

/** P6: workspace windows opened one after the other, signed in; the first paint of each; one with a full terminal. */
export async function windows(
  { launch, clients, machineName }: DesktopRig,
  { log, signal }: BenchRun,
): Promise<readonly Measure[]> {
  const console = await launch();
  const pid = console.application.process().pid ?? 0;
  const launcher = await console.launcher();
  const rested = async () => {
    await delay(REST_MS);
    return treeMemoryMB(pid);
  };
  const memoryMB = [await rested()];
  const paintedMs: number[] = [];
  for (const client of clients) {
    signal.throwIfAborted();
    log(client);
    const keyAt = await nextEnterAt(launcher);
    const page = await enter(console, client);
    paintedMs.push((await firstPaintAt(page)) - (await keyAt()));
    memoryMB.push(await rested());
  }
  const added = memoryMB.slice(1).map((now, at) => now - (memoryMB[at] ?? 0));
  log(`a session with ${LINES} lines`);
  const page = await console.workspace(clients[0] ?? '');
  await search(page, machineName);
  await page.getByText(/^Answered in \d+ ms/).waitFor();
  await page.keyboard.press('Enter');
  await expectOnScreen(page, PROMPT.trim());
  await typeLine(page, `head -n ${LINES} flood; echo DO''NE`);
  await expectOnScreen(page, 'DONE');
  const fullMB = (await rested()) - (memoryMB.at(-1) ?? 0);
  await console.dispose();
  const oneMoreMB = median(added.slice(1));
  return [
    { name: 'first paint, first window', value: paintedMs[0] ?? 0, unit: 'ms', goal: { atMost: 300 } },
    {
      name: 'first paint, later windows, p50',
      value: median(paintedMs.slice(1)),
      unit: 'ms',
      goal: { atMost: 300 },
    },
    { name: 'P6 console with the launcher alone', value: memoryMB[0] ?? 0, unit: 'MB' },
    { name: 'P6 first workspace window, idle', value: added[0] ?? 0, unit: 'MB' },
    { name: 'P6 one more workspace window, idle, p50', value: oneMoreMB, unit: 'MB', goal: { atMost: 30 } },
    {
      name: `P6 one more with a session of ${LINES} lines`,
      value: oneMoreMB + fullMB,
      unit: 'MB',
      goal: { atMost: 80 },
    },
    {
      name: 'P6 six windows and all that the console is',
      value: memoryMB.at(-1) ?? 0,
      unit: 'MB',
      goal: { atMost: 400 },
    },
  ];
}
