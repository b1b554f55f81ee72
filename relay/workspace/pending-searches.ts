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

export class PendingSearches {
  readonly #pending = new Map<EntryId, { search: Search; timer: ReturnType<typeof setTimeout> }>();
  readonly #settle: (entryId: EntryId, search: Search) => void;

  constructor(settle: (entryId: EntryId, search: Search) => void) {
    this.#settle = settle;
  }

  /** A query was answered. An empty one only means that the field was cleared. */
  answered(entryId: EntryId, search: Search, entered: boolean): void {
    const before = this.#pending.get(entryId);
    const startedAt = before?.search.startedAt ?? search.startedAt;
    this.#forget(entryId);
    if (search.query === '') return;
    const timer = setTimeout(() => this.settleNow(entryId), SETTLED_AFTER_MS);
    this.#pending.set(entryId, { search: { ...search, startedAt }, timer });
    if (entered) this.settleNow(entryId);
  }

  /** Nothing more will be typed: what stands in the field counts. */
  settleNow(entryId: EntryId): void {
    const pending = this.#pending.get(entryId);
    if (pending === undefined) return;
    this.#forget(entryId);
    this.#settle(entryId, pending.search);
  }

  dispose(): void {
    for (const entryId of this.#pending.keys()) this.#forget(entryId);
  }

  #forget(entryId: EntryId): void {
    clearTimeout(this.#pending.get(entryId)?.timer ?? null);
    this.#pending.delete(entryId);
  }
}
