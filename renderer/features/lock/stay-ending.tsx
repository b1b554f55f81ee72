import { useEffect } from 'react';
import { Notice } from '../../design/notice.tsx';
import { useNow } from '../../design/use-now.ts';

/** Shortly before the relay ends the stay. Where somebody being there prevents it, any key or press tells so. */
export function StayEnding({
  reason,
  endsAtMs,
  onPresence,
}: {
  reason: 'idle' | 'max_age';
  endsAtMs: number;
  onPresence: () => void;
}) {
  useEffect(() => {
    if (reason !== 'idle') return undefined;
    // The key does what it does besides: nothing is swallowed here.
    window.addEventListener('keydown', onPresence, true);
    window.addEventListener('pointerdown', onPresence, true);
    return () => {
      window.removeEventListener('keydown', onPresence, true);
      window.removeEventListener('pointerdown', onPresence, true);
    };
  }, [reason, onPresence]);
  const left = <Left endsAtMs={endsAtMs} />;
  return reason === 'idle' ? (
    <Notice tone="warn" role="alert" title={<>Nobody did anything here for a while. Locks {left}.</>}>
      Any key keeps it open. Sessions run on for a while after the lock.
    </Notice>
  ) : (
    <Notice tone="warn" role="alert" title={<>This stay is at its longest time. Locks {left}.</>}>
      Sessions run on for a while. Sign in again to take them up.
    </Notice>
  );
}

/** For the eye: read aloud, a count would never end. */
function Left({ endsAtMs }: { endsAtMs: number }) {
  const seconds = Math.max(0, Math.ceil((endsAtMs - useNow(250)) / 1000));
  return (
    <span aria-hidden="true">
      in {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, '0')}
    </span>
  );
}
