import { useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { Timers } from '../../connection/socket.ts';
import { CommandSearchScreen } from './command-search-screen.tsx';
import { Player } from './player.tsx';
import { ReviewScreen } from './review-screen.tsx';
import type { ReviewStore } from './review-store.ts';

export function Review({
  review,
  frame,
  active,
  timers,
  onNextClient,
}: {
  review: ReviewStore;
  frame: WorkspaceFrame;
  active: boolean;
  timers: Pick<Timers, 'now' | 'after'>;
  /** The launcher, which knows the other clients. */
  onNextClient: () => void;
}) {
  const state = useStore(review.store);
  const { playing } = useStore(review.recordings.store);
  const searching = useStore(review.search.store, ({ found }) => found.kind !== 'none');
  useEffect(() => {
    if (active && review.store.getState().found.kind === 'closed') void review.open();
  }, [active, review]);
  const actions = useMemo(
    () => ({
      ...review,
      onSearch: (query: string) => {
        // What is looked for in all sessions filters the cards no more.
        review.show({ text: '' });
        void review.search.search(query);
      },
      onNextClient,
    }),
    [review, onNextClient],
  );
  if (playing !== null) {
    return (
      <Player
        playing={playing}
        active={active}
        timers={timers}
        hint={state.hint}
        onDownload={(version) => void review.download(version)}
        onClose={review.recordings.stop}
      />
    );
  }
  if (searching) {
    return (
      <CommandSearchScreen
        search={review.search}
        active={active}
        hint={state.hint}
        onPlay={() => void review.playHit()}
      />
    );
  }
  return <ReviewScreen state={state} frame={frame} active={active} actions={actions} />;
}
