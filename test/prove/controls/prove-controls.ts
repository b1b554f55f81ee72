// The proof, proven: each control of the relay is taken out, and the proof has to say so. One that stays green without
// a control would prove nothing about it.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repositoryRoot } from '../../../build/repository-root.ts';
import type { PartReport, ProveRun } from '../part.ts';
import { proveIsolation } from '../prove-isolation.ts';
import { startOwnRelay } from '../relay/proven-relay.ts';
import { proveTokens } from '../tokens/prove-tokens.ts';
import { buildMutant } from './build-mutant.ts';
import { mutants } from './mutants.ts';
import type { Mutant } from './mutants.ts';

interface Row {
  readonly control: string;
  readonly how: string;
  readonly turnsRed: boolean;
  /** What the proof said of it, or why that does not count. */
  readonly said: string;
}

/** A relay without a control may leave someone waiting; that alone is no answer. */
const STUCK_AFTER_MS = 240_000;
const WIDTH = Math.max(...mutants.map(({ control }) => control.length));

export async function proveControls(run: ProveRun): Promise<PartReport> {
  const rows: Row[] = [];
  const folder = join(repositoryRoot, '.cache/prove-mutants');
  for (const [index, mutant] of mutants.entries()) {
    if (run.signal.aborted) break;
    const row = {
      control: mutant.control,
      how: mutant.how,
      ...(await outcomeOf(run, mutant, join(folder, String(index)))),
    };
    rows.push(row);
    run.log(
      `${row.turnsRed ? 'red  ' : 'GREEN'}  ${row.control.padEnd(WIDTH)}  ${row.how.padEnd(20)}  ${row.said}`,
    );
  }
  await rm(folder, { recursive: true, force: true });
  const green = rows.filter(({ turnsRed }) => !turnsRed);
  return {
    breaches: green.map(
      ({ control, how, said }) => `without ${control} (${how}) the proof is not red: ${said}`,
    ),
    summary: `${rows.length} controls taken out, ${rows.length - green.length} turn it red`,
    figures: { controls: rows },
  };
}

async function outcomeOf(
  run: ProveRun,
  mutant: Mutant,
  folder: string,
): Promise<Pick<Row, 'turnsRed' | 'said'>> {
  const relay = await startOwnRelay(await buildMutant(folder, mutant.patches));
  const part = mutant.part === 'isolation' ? proveIsolation : proveTokens;
  try {
    const steady = { ...relay, restart: null };
    const quick: ProveRun = {
      ...run,
      quick: true,
      organizations: 2,
      log: () => {},
      relay: async () => steady,
    };
    // A proof that cannot go on says why, which may well be the breach itself.
    const stuck = delay(STUCK_AFTER_MS, ['the proof got stuck'], { ref: false });
    const held = part(quick).then(
      (report) => report.breaches,
      (error: unknown) => [
        `the proof could not go on: ${error instanceof Error ? error.message : String(error)}`,
      ],
    );
    const breaches = await Promise.race([held, stuck]);
    const said = breaches.find((breach) => mutant.expected.test(breach));
    if (said !== undefined) return { turnsRed: true, said };
    return { turnsRed: false, said: breaches[0] ?? 'nothing' };
  } finally {
    await relay.stop();
  }
}
