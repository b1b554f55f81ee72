import { setTimeout as delay } from 'node:timers/promises';
import { PROMPT } from './remote-shell.ts';
import type { RemoteShell } from './remote-shell.ts';

/** What is measured of several in turns, so that a busy moment of the machine meets all of them. */
export async function inTurns<Who extends string, C, T>(
  contestants: Readonly<Record<Who, C>>,
  rounds: number,
  signal: AbortSignal,
  measure: (contestant: C, round: number) => Promise<T>,
): Promise<Readonly<Record<Who, readonly T[]>>> {
  const names = Object.keys(contestants) as Who[];
  const contest = Object.fromEntries(names.map((who) => [who, [] as T[]])) as Record<Who, T[]>;
  for (let round = 0; round < rounds; round += 1) {
    // Who comes later finds a warmer machine.
    for (const who of round % 2 === 0 ? names : names.toReversed()) {
      signal.throwIfAborted();
      contest[who].push(await measure(contestants[who], round));
    }
  }
  return contest;
}

/** @returns MB/s (10⁶) of a file printed by `cat`, from Enter to the last byte */
export async function throughput({ arrivals, type }: RemoteShell, file: string): Promise<number> {
  const done = arrivals.text('DONE');
  const from = arrivals.bytes;
  const startedMs = performance.now();
  type(`cat ${file}; echo DO''NE\r`);
  const tookMs = (await done) - startedMs;
  const bytes = arrivals.bytes - from;
  await promptAgain({ arrivals, type });
  return bytes / 1000 / tookMs;
}

/** @returns ms from a key at the prompt to its echo */
export async function echo({ arrivals, type }: RemoteShell): Promise<number> {
  await delay(4 + Math.random() * 12);
  const echoed = arrivals.text('x');
  const typedMs = performance.now();
  type('x');
  return (await echoed) - typedMs;
}

/** An empty line: what was typed before it is taken back. */
export async function promptAgain({ arrivals, type }: Pick<RemoteShell, 'arrivals' | 'type'>): Promise<void> {
  const prompted = arrivals.text(new RegExp(`LINE\r\n[^\n]*${PROMPT}`));
  type("\u0015echo LIN''E\r");
  await prompted;
}

/** @returns ms from Ctrl+C, somewhere within the output of a file, to the prompt */
export async function interrupt({ arrivals, type }: RemoteShell, file: string): Promise<number> {
  const flooded = arrivals.more(1e6 + Math.random() * 4e6);
  type(`cat ${file}\r`);
  await flooded;
  const prompted = arrivals.text(PROMPT);
  const typedMs = performance.now();
  type('\u0003');
  return (await prompted) - typedMs;
}
