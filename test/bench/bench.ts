import type { Log } from '../../build/command-line.ts';

/** One figure of a bench, with what it should reach where the design names a goal. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  /** `ms`, `KB`, `MB/s`, `×` for a ratio against the baseline of the same run… */
  readonly unit: string;
  /** Reached at or below `atMost`, or at or above `atLeast`. */
  readonly goal?: { readonly atMost: number } | { readonly atLeast: number };
}

export interface BenchRun {
  readonly log: Log;
  /** Aborted by Ctrl+C: what the bench started must stop. */
  readonly signal: AbortSignal;
}

/** One subject of `npm run bench`. It starts what it needs, measures, stops all of it. */
export interface Bench {
  readonly name: string;
  readonly says: string;
  readonly run: (run: BenchRun) => Promise<readonly Measure[]>;
}

/** Whether the goal was reached; null where there is none. */
export function reached({ value, goal }: Measure): boolean | null {
  if (goal === undefined) return null;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

/** The value below which the share `p` (0…1) of the samples lies. Throws without samples. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1));
  const value = sorted[at];
  if (value === undefined) throw new Error('A percentile needs samples.');
  return value;
}
