// What the machines screen shows, and what can be read from it.
import type { VerbResult } from '#protocol/control/verbs.ts';
import type { MachineId } from '#protocol/ids.ts';
import type { MachineCard, MachineRow, RunningSession } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import { rowAt } from './machine-directory.ts';
import type { Directory } from './machine-directory.ts';

export type Probe =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly roundTripMs: number; readonly atMs: number }
  | { readonly state: 'silent'; readonly atMs: number }
  | { readonly state: 'failed'; readonly error: CallError };

export type CardState =
  | { readonly kind: 'loading'; readonly machineId: MachineId }
  | {
      readonly kind: 'shown';
      readonly card: MachineCard;
      readonly probe: Probe;
      /** Sessions on it that have not ended. */
      readonly running: readonly RunningSession[];
    }
  /** A link named it; this client has no such machine. */
  | { readonly kind: 'absent'; readonly machineId: MachineId }
  /** It was shown, and somebody removed it. */
  | { readonly kind: 'removed'; readonly machineId: MachineId; readonly name: string }
  | { readonly kind: 'failed'; readonly machineId: MachineId; readonly error: CallError };

export type Results = VerbResult<'machine.search'> & { readonly query: string };

export interface MachinesState {
  readonly query: string;
  /** Of the newest answer, which may be one key behind `query`. */
  readonly results: Results | null;
  /** The list by name, which an empty query shows. Null until it is asked for. */
  readonly directory: Directory | null;
  readonly error: CallError | null;
  /** Place in what is shown; -1: nothing is. */
  readonly chosen: number;
  readonly card: CardState | null;
}

/** Rows as they are shown: how many, and each one that is here. */
export interface ShownRows {
  readonly total: number;
  readonly at: (index: number) => MachineRow | undefined;
  /** Close in spelling only: shown apart, and chosen only by hand. */
  readonly close: boolean;
}

const NO_ROWS: ShownRows = { total: 0, at: () => undefined, close: false };

/** One key behind is fine; results of another query must not stand under one that could not be asked. */
export function shownRows({ results, directory, query, error }: MachinesState): ShownRows {
  if (results === null || (error !== null && results.query !== query)) return NO_ROWS;
  if (results.query === '' && directory !== null) {
    return { total: directory.total, at: (index) => rowAt(directory, index), close: false };
  }
  const close = results.total === 0 && results.close.length > 0;
  const rows = close ? results.close : results.machines;
  return { total: rows.length, at: (index) => rows[index], close };
}

/** Nothing in this client is named as the newest query says. */
export function absentQuery({ results, query }: MachinesState): string | null {
  return results !== null && results.query === query && query.trim() !== '' && results.total === 0
    ? query.trim()
    : null;
}
