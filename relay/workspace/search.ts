// Machine search within this workspace, the only one there is: literal words, all of which must occur in a
// machine's name or hostname. What is only close in spelling comes apart and counts as nothing found.
import type { VerbParams } from '#protocol/control/verbs.ts';
import type { MachineHit } from '#protocol/records.ts';
import { closeMatches } from './close-matches.ts';
import type { Outcome, WorkspaceContext } from './context.ts';
import type { EntryRow } from './entry-row.ts';
import { COUNT_MAX, searchLiterally } from './literal-search.ts';
import { listedMachines, machineCount, toMachineRow } from './machines.ts';
import type { ListedMachine } from './machines.ts';
import { parseQuery } from './search-query.ts';

/** Answers a person's search, and has it count as the relay decides. */
export async function answerSearch(
  context: WorkspaceContext,
  entry: EntryRow,
  params: VerbParams<'machine.search'>,
): Promise<Outcome<'machine.search'>> {
  const startedAt = context.now();
  const outcome = searchMachines(context, params);
  if (!outcome.ok) return outcome;
  const { pendingSearches } = context;
  const search = { query: params.query.trim(), resultCount: outcome.result.total, tookMs: 0, startedAt };
  const pending = pendingSearches.answered(entry.entry_id, search, params.settled);
  // The clock of a worker stands still while it works: how long it took shows only after a turn of the clock.
  const timed = clockTurn().then(() => pendingSearches.timed(pending, context.now() - startedAt));
  if (params.settled) {
    await timed;
    pendingSearches.settle(pending);
  } else context.background(() => timed);
  return outcome;
}

function clockTurn(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** An empty query lists. `query_invalid`: no machine could be named so, and nothing was looked for. */
export function searchMachines(
  context: WorkspaceContext,
  params: Pick<VerbParams<'machine.search'>, 'query' | 'limit'>,
): Outcome<'machine.search'> {
  const parsed = parseQuery(params.query);
  if (!parsed.ok) return parsed;
  const { query } = parsed;
  const { limit } = params;
  if (query.words.length === 0) return { ok: true, result: firstByName(context, limit) };
  const { rows, total } = searchLiterally(context, query, limit);
  return {
    ok: true,
    result: {
      machines: rows.map((row) => toHit(context, row, row.match)),
      close: total > 0 ? [] : closeMatches(context, query, limit).map((row) => toHit(context, row, 'typo')),
      total: Math.min(total, COUNT_MAX),
      more: total > COUNT_MAX,
    },
  };
}

function firstByName(context: WorkspaceContext, limit: number) {
  const rows = listedMachines(context, 0, limit);
  const machines = rows.map((row) => toHit(context, row, 'prefix'));
  return { machines, close: [], total: machineCount(context), more: false };
}

function toHit(context: WorkspaceContext, row: ListedMachine, match: MachineHit['match']): MachineHit {
  return Object.assign(toMachineRow(context, row), { match });
}
