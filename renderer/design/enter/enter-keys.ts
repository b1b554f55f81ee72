// What Enter does where nothing of its own has the focus: said by whoever binds it, for as long as it is bound.
import { createContext, useContext, useEffect } from 'react';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';

/** By binding, the newest last. Null: bound, and does nothing now. */
export type EnterKeys = StoreApi<ReadonlyMap<object, string | null>>;

/** Null: this page has no line that says it. */
export const EnterKeysContext = createContext<EnterKeys | null>(null);

export function createEnterKeys(): EnterKeys {
  return createStore<ReadonlyMap<object, string | null>>(() => new Map());
}

/** @param does undefined: Enter is not bound here now */
export function useEnterDoes(does: string | null | undefined): void {
  const keys = useContext(EnterKeysContext);
  useEffect(() => {
    if (keys === null || does === undefined) return undefined;
    const binding = {};
    keys.setState((all) => new Map(all).set(binding, does), true);
    return () => keys.setState((all) => new Map([...all].filter(([key]) => key !== binding)), true);
  }, [keys, does]);
}
