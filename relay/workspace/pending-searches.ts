// Decides which queries count: one that the person entered, or that stood for 600 ms. Prefixes typed on
// the way are answered and forgotten. The console has no say beyond reporting Enter.
import type { EntryId } from '#protocol/ids.ts';

export const SETTLED_AFTER_MS = 600;

export interface Search {
  readonly query: string;
  readonly resultCount: number;
  readonly tookMs: number;
  /** When the person began to type what became this query. */
  readonly startedAt: number;
}

/** A search that may come to count. */
export interface PendingSearch {
  readonly entryId: EntryId;
  readonly entered: boolean;
  search: Search;
}

interface Waiting {
  readonly pending: PendingSearch;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class PendingSearches {
  readonly #waiting = new Map<EntryId, Waiting>();
  readonly #settle: (entryId: EntryId, search: Search) => void;

  constructor(settle: (entryId: EntryId, search: Search) => void) {
    this.#settle = settle;
  }

  /** A query was answered; one that was `entered` counts whatever follows. An empty one only clears the field. */
  answered(entryId: EntryId, search: Search, entered: boolean): PendingSearch {
    const before = this.#waiting.get(entryId)?.pending;
    if (before?.entered === true) this.settle(before);
    const startedAt = before?.entered === false ? before.search.startedAt : search.startedAt;
    const pending = { entryId, entered, search: { ...search, startedAt } };
    this.#forget(entryId);
    if (search.query === '') return pending;
    const timer = setTimeout(() => this.settle(pending), SETTLED_AFTER_MS);
    this.#waiting.set(entryId, { pending, timer });
    return pending;
  }

  /** How long it took, once that is known. */
  timed(pending: PendingSearch, tookMs: number): void {
    pending.search = { ...pending.search, tookMs: Math.max(0, tookMs) };
  }

  /** It counts, unless it was typed over meanwhile or counted already. */
  settle(pending: PendingSearch): void {
    if (this.#waiting.get(pending.entryId)?.pending !== pending) return;
    this.#forget(pending.entryId);
    this.#settle(pending.entryId, pending.search);
  }

  /** Nothing more will be typed: what stands in the field counts. */
  settleNow(entryId: EntryId): void {
    const waiting = this.#waiting.get(entryId);
    if (waiting !== undefined) this.settle(waiting.pending);
  }

  dispose(): void {
    for (const entryId of this.#waiting.keys()) this.#forget(entryId);
  }

  #forget(entryId: EntryId): void {
    clearTimeout(this.#waiting.get(entryId)?.timer ?? null);
    this.#waiting.delete(entryId);
  }
}
