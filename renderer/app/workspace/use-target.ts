import { useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { SessionId } from '#protocol/ids.ts';
import type { Session, SessionsStore } from '../../features/sessions/index.ts';

/** The session that is shown: its machine's name, and where a runbook would run if it takes input. */
export function useTarget(
  sessions: SessionsStore,
  shown: boolean,
): {
  readonly target: { readonly sessionId: SessionId; readonly machineName: string } | null;
  readonly machineName: string | null;
} {
  const active = useStore(sessions.store, sessions.activeSession);
  const session = shown ? active : null;
  const sessionId = useSyncExternalStore(
    (changed) => session?.store.subscribe(changed) ?? (() => undefined),
    () => liveId(session),
  );
  const machineName = session?.machineName ?? null;
  return {
    machineName,
    target: sessionId === null || machineName === null ? null : { sessionId, machineName },
  };
}

function liveId(session: Session | null): SessionId | null {
  return session === null || session.over ? null : session.store.getState().sessionId;
}
