import { createContext } from 'react';
import { keyRows } from './key-table.ts';
import type { KeyAction } from './key-table.ts';

/** Carry out an action as if its key had been pressed. */
export type RunAction = () => void;

/** What the keys of a page are bound to at the moment: the palette offers exactly this. */
export class BoundActions {
  readonly #bindings = new Set<ReadonlyMap<KeyAction, RunAction>>();

  /** @returns a function that takes the binding away */
  bind(binding: ReadonlyMap<KeyAction, RunAction>): () => void {
    this.#bindings.add(binding);
    return () => this.#bindings.delete(binding);
  }

  /** In the table's order. */
  now(): readonly { readonly action: KeyAction; readonly run: RunAction }[] {
    const rows: { action: KeyAction; run: RunAction }[] = [];
    for (const { action } of keyRows) {
      // Where two bind the same, the one that came later is in front.
      const run = [...this.#bindings].findLast((binding) => binding.has(action))?.get(action);
      if (run !== undefined) rows.push({ action, run });
    }
    return rows;
  }
}

/** Null: this page has no palette. */
export const BoundActionsContext = createContext<BoundActions | null>(null);
