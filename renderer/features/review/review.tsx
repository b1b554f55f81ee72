import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { Timers } from '../../connection/socket.ts';
import { Player } from './player.tsx';
import { ReviewScreen } from './review-screen.tsx';
import type { ReviewStore } from './review-store.ts';

export function Review({
  review,
  frame,
  active,
  timers,
}: {
  review: ReviewStore;
  frame: WorkspaceFrame;
  active: boolean;
  timers: Pick<Timers, 'now' | 'after'>;
}) {
  const state = useStore(review.store);
  useEffect(() => {
    if (active && review.store.getState().found.kind === 'closed') void review.open();
  }, [active, review]);
  if (state.playing !== null) {
    return <Player playing={state.playing} active={active} timers={timers} onClose={review.stopPlaying} />;
  }
  return (
    <ReviewScreen
      state={state}
      frame={frame}
      active={active}
      onOpenRange={(hours) => void review.open(hours)}
      onChoose={review.choose}
      onToggle={review.toggle}
      onMark={review.mark}
      onFlag={review.flag}
      onPlay={(id) => void review.play(id)}
      onComplete={() => void review.complete()}
      onExport={(edition) => void review.exportEvidence(edition)}
    />
  );
}
