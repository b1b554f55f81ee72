import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CommandId, SessionId } from '#protocol/ids.ts';
import type { SessionReview } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Call } from '../../connection/relay-client.ts';
import type { LateTerminal, TerminalParts } from '../../terminal/late-terminal.ts';
import { readRecording } from './read-recording.ts';
import { timelineBuilder } from './recording-timeline.ts';
import type { Timeline } from './recording-timeline.ts';
import { wholeSession } from './whole-sessions.ts';

/** The recording on show. `from`: the command that playback begins with; null: the start. */
export type Playing = { readonly session: SessionReview; readonly from: CommandId | null } & (
  | { readonly kind: 'loading'; readonly readBytes: number }
  | { readonly kind: 'failed'; readonly error: CallError }
  | { readonly kind: 'ready'; readonly timeline: Timeline; readonly terminal: TerminalParts }
);

export interface Recordings {
  readonly store: StoreApi<{ readonly playing: Playing | null }>;
  readonly play: (session: SessionReview, from: CommandId | null) => Promise<void>;
  /** As the relay tells it, where it is not on a card. @returns why not; null: it plays */
  readonly playFound: (sessionId: SessionId, from: CommandId) => Promise<string | null>;
  readonly stop: () => void;
}

export function createRecordings(call: Call, readTerminal: () => Promise<LateTerminal>): Recordings {
  const store = createStore<{ readonly playing: Playing | null }>(() => ({ playing: null }));
  const play = async (session: SessionReview, from: CommandId | null) => {
    const builder = timelineBuilder();
    let shown: Playing = { kind: 'loading', session, from, readBytes: 0 };
    const show = (next: Playing) => {
      const isOurs = store.getState().playing === shown;
      if (isOurs) store.setState({ playing: (shown = next) });
      return isOurs;
    };
    store.setState({ playing: shown });
    // First: the relay puts on record that it was played.
    const terminal = await readTerminal();
    if (store.getState().playing !== shown) return;
    if (!terminal.ok) {
      show({ kind: 'failed', session, from, error: terminal.error });
      return;
    }
    const refused = await readRecording(call, session.sessionId, 'play', (page) => {
      builder.add(page);
      return show({ kind: 'loading', session, from, readBytes: page.at(-1)?.offsetBytes ?? 0 });
    });
    if (refused !== null) show({ kind: 'failed', session, from, error: refused });
    else show({ kind: 'ready', session, from, timeline: builder.build(), terminal: terminal.parts });
  };
  return {
    store,
    play,
    playFound: async (sessionId, from) => {
      const found = await wholeSession(call, sessionId);
      if (!found.ok) return found.error.text;
      void play(found.result, from);
      return null;
    },
    stop: () => store.setState({ playing: null }),
  };
}
