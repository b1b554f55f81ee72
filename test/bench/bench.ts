import type { Log } from '../../build/command-line.ts';

/** One figure of a bench, with what it should reach where the design names a goal. */
export interface Measure {
  readonly name: string;
  readonly value: number;
  /** `ms`, `KB`, `MB/s`, `×` for a ratio against the baseline of the same run… */
  readonly unit: string;
  readonly goal?: Bound;
  /** What must hold: missing it fails the run. */
  readonly gate?: Bound;
}

/** Reached at or below `atMost`, or at or above `atLeast`. */
export type Bound = { readonly atMost: number } | { readonly atLeast: number };

export interface BenchRun {
  readonly log: Log;
  /** Aborted by Ctrl+C: what the bench started must stop. */
  readonly signal: AbortSignal;
  /** The one of the subject's parts that was asked for; null: all. */
  readonly only: string | null;
}

/** One subject of `npm run bench`. It starts what it needs, measures, stops all of it. */
export interface Bench {
  readonly name: string;
  readonly says: string;
  /** What `--only` takes; left out: nothing. */
  readonly parts?: readonly string[];
  /** It opens windows. */
  readonly needsScreen?: boolean;
  readonly run: (run: BenchRun) => Promise<readonly Measure[]>;
}

/** Measures one thing with what its subject has started. */
export type BenchPart<Rig> = (rig: Rig, run: BenchRun) => Promise<readonly Measure[]>;

/** The parts that were asked for, one after the other; each is logged as it ends, should a later one break off. */
export async function runParts<Rig>(
  parts: Readonly<Record<string, BenchPart<Rig>>>,
  rig: Rig,
  run: BenchRun,
): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (run.signal.aborted || (run.only !== null && run.only !== name)) continue;
    run.log(`part ${name}`);
    const found = await part(rig, run);
    for (const { name: row, value, unit } of found) run.log(`  ${row}: ${value.toFixed(2)} ${unit}`);
    measures.push(...found);
  }
  return measures;
}

/** Whether the bound was reached; null where there is none. */
export function reached(value: number, bound: Bound | undefined): boolean | null {
  if (bound === undefined) return null;
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}

/** Throws without samples. */
export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

/** The value below which the share `p` (0…1) of the samples lies. Throws without samples. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1));
  const value = sorted[at];
  if (value === undefined) throw new Error('A percentile needs samples.');
  return value;
}
