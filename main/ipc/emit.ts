import type { WebContents } from 'electron';
import { EVENT_CHANNEL, type EventName, type EventPayload } from '#contract/ipc.ts';

/** Sends an event to one page; nothing when it is gone. */
export function emit<E extends EventName>(contents: WebContents, name: E, payload: EventPayload<E>): void {
  if (!contents.isDestroyed()) contents.send(EVENT_CHANNEL, name, payload);
}
