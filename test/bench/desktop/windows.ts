import { setTimeout as delay } from 'node:timers/promises';
import { PAGES } from '#contract/ipc.ts';
import { choose, onScreen, openSession, signIn, typeLine } from '../../harness/by-hand.ts';
import { PageHold } from '../../harness/page-hold.ts';
import { median } from '../bench.ts';
import type { BenchRun, Measure } from '../bench.ts';
import { PROMPT } from '../terminal/remote-shell.ts';
import type { DesktopRig } from './desktop-rig.ts';
import { treeMemoryMB } from './memory.ts';

const LINES = 5000;
/** Until garbage of the start is gone. */
const REST_MS = 8000;

interface Found {
  /** Enter in the launcher, or what was asked of the empty application, to the first paint that was presented. */
  readonly paintedMs: readonly number[];
  /** Of the whole application: before the first window, and after each. */
  readonly memoryMB: readonly number[];
  readonly withSessionMB: number | null;
}

/** P6: workspace windows opened one after the other and signed in, beside as many empty ones of Electron. */
export async function windows(rig: DesktopRig, run: BenchRun): Promise<readonly Measure[]> {
  const empty = await emptyWindows(rig, run);
  const libraries = await libraryWindows(rig, run);
  const used = await rig.newUserData();
  const fresh = await workspaceWindows(rig, run, used, true);
  const later = await workspaceWindows(rig, run, used, false);
  const added = addedBy(fresh.memoryMB);
  const oneMoreMB = median(added.slice(1));
  return [
    { name: 'an empty window of Electron: first paint, p50', value: median(empty.paintedMs), unit: 'ms' },
    firstPaint('first window on a new computer', fresh.paintedMs[0] ?? 0),
    firstPaint('more windows there, p50', median(fresh.paintedMs.slice(1))),
    firstPaint('first window of a later start', later.paintedMs[0] ?? 0),
    firstPaint('more windows of it, p50', median(later.paintedMs.slice(1))),
    { name: 'P6 empty application with one window', value: empty.memoryMB[0] ?? 0, unit: 'MB' },
    { name: 'P6 one more empty window, p50', value: median(addedBy(empty.memoryMB)), unit: 'MB' },
    { name: 'P6 seven empty windows and all', value: empty.memoryMB.at(-1) ?? 0, unit: 'MB' },
    {
      name: 'P6 one more window with its libraries alone, p50',
      value: median(libraries.addedMB),
      unit: 'MB',
    },
    { name: 'P6 six of those, an empty one and all', value: libraries.allMB, unit: 'MB' },
    { name: 'P6 console with the launcher alone', value: fresh.memoryMB[0] ?? 0, unit: 'MB' },
    { name: 'P6 first workspace window, idle', value: added[0] ?? 0, unit: 'MB' },
    { name: 'P6 one more workspace window, idle, p50', value: oneMoreMB, unit: 'MB', goal: { atMost: 30 } },
    {
      name: `P6 one more with a session of ${LINES} lines`,
      value: oneMoreMB + (fresh.withSessionMB ?? 0) - (fresh.memoryMB.at(-1) ?? 0),
      unit: 'MB',
      goal: { atMost: 80 },
    },
    {
      name: 'P6 six windows and all that the console is',
      value: fresh.memoryMB.at(-1) ?? 0,
      unit: 'MB',
      goal: { atMost: 400 },
    },
  ];
}

const firstPaint = (which: string, value: number): Measure => ({
  name: `first paint, ${which}`,
  value,
  unit: 'ms',
  goal: { atMost: 300 },
});

async function emptyWindows(rig: DesktopRig, { log, signal }: BenchRun): Promise<Found> {
  log('empty windows');
  const program = rig.startEmpty(await rig.newUserData());
  await program.shown('empty');
  const port = await program.debuggingPort();
  const first = await PageHold.take(port, '');
  await first.letGo();
  const known = new Set([first.targetId]);
  const memoryMB = [await rested(program.pid)];
  const paintedMs: number[] = [];
  for (let window = 0; window < rig.clients.length; window += 1) {
    signal.throwIfAborted();
    const askedAtMs = Date.now();
    program.say('open');
    await program.shown('empty', window + 2);
    const page = await PageHold.take(port, '', known);
    known.add(page.targetId);
    paintedMs.push((await firstPaintAt(page)) - askedAtMs);
    await page.letGo();
    memoryMB.push(await rested(program.pid));
  }
  await program.dispose();
  return { paintedMs, memoryMB, withSessionMB: null };
}

/** What no console with these libraries can go below: Electron kept from OpenGL as ours is, caches given back. */
async function libraryWindows(
  rig: DesktopRig,
  { log, signal }: BenchRun,
): Promise<{ readonly addedMB: readonly number[]; readonly allMB: number }> {
  log('windows with React, clerk-js and xterm alone');
  const program = rig.startEmpty(await rig.newUserData(), { GDK_GL: 'disable' });
  await program.shown('empty');
  const memoryMB = [await rested(program.pid)];
  for (let window = 0; window < rig.clients.length; window += 1) {
    signal.throwIfAborted();
    program.say('libraries');
    await program.shown('empty', window + 2);
    memoryMB.push(await rested(program.pid));
  }
  await program.dispose();
  return { addedMB: addedBy(memoryMB).slice(1), allMB: memoryMB.at(-1) ?? 0 };
}

/** @param works rests to be measured, and ends with a session in the first window */
async function workspaceWindows(
  rig: DesktopRig,
  { log, signal }: BenchRun,
  userDataDir: string,
  works: boolean,
): Promise<Found> {
  const program = rig.start(userDataDir, ['--remote-debugging-port=0']);
  await program.shown('launcher');
  const port = await program.debuggingPort();
  const memoryMB = works ? [await rested(program.pid)] : [];
  const paintedMs: number[] = [];
  const known = new Set<string>();
  for (const client of rig.clients) {
    signal.throwIfAborted();
    log(client);
    const enteredAtMs = await choose(port, client);
    await program.shown('workspace', paintedMs.length + 1);
    const page = await PageHold.take(port, PAGES.workspace, known);
    known.add(page.targetId);
    await signIn(page);
    paintedMs.push((await firstPaintAt(page)) - enteredAtMs);
    await page.press('Control+Shift+KeyO');
    await page.letGo();
    if (works) memoryMB.push(await rested(program.pid));
  }
  let withSessionMB: number | null = null;
  if (works) {
    log(`a session with ${LINES} lines`);
    const page = await PageHold.take(port, PAGES.workspace, new Set([...known].slice(1)));
    await openSession(page, rig.machineName, PROMPT);
    await typeLine(page, `head -n ${LINES} flood; echo DO''NE`);
    await onScreen(page, 'DONE');
    await page.letGo();
    withSessionMB = await rested(program.pid);
  }
  await program.dispose();
  return { paintedMs, memoryMB, withSessionMB };
}

async function rested(pid: number): Promise<number> {
  await delay(REST_MS);
  return treeMemoryMB(pid);
}

/** What each window added. */
function addedBy(memoryMB: readonly number[]): readonly number[] {
  return memoryMB.slice(1).map((now, at) => now - (memoryMB[at] ?? 0));
}

const FIRST_PAINT = `performance.getEntriesByType('paint').find(({ name }) => name === 'first-paint')`;

/** Epoch ms of a page's first paint: when it was presented, which is after the window was told to show itself. */
async function firstPaintAt(page: PageHold): Promise<number> {
  await page.until('the first paint', `${FIRST_PAINT} !== undefined`);
  return page.evaluate(`performance.timeOrigin + ${FIRST_PAINT}.startTime`);
}
