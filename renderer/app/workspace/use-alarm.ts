import { useSyncExternalStore } from 'react';
import { absentQuery } from '../../features/machines/index.ts';
import type { Inside } from './inside.ts';

/** The search that is shown has found that this client has no such machine. */
export function useAlarm(inside: Inside | null): boolean {
  return useSyncExternalStore(
    (changed) => {
      const stops = [inside?.machines.store.subscribe(changed), inside?.view.subscribe(changed)];
      return () => {
        for (const stop of stops) stop?.();
      };
    },
    () => {
      if (inside === null || inside.view.getState().place !== 'machines') return false;
      const machines = inside.machines.store.getState();
      return machines.card === null && absentQuery(machines) !== null;
    },
  );
}
