import type { PointerEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Key } from '../../design/key.tsx';
import { durationText } from '../../design/time-text.ts';
import type { PlayerScreenProps } from './player-screen.tsx';
import styles from './player-screen.module.css';

type PlayerBarProps = Pick<PlayerScreenProps, 'state' | 'durationMs' | 'marks' | 'onToggle' | 'onSeek'>;

/** Play, the bar with a tick for each command, time, speed. The arrow keys move along the bar from anywhere. */
export function PlayerBar({ state, durationMs, marks, onToggle, onSeek }: PlayerBarProps) {
  const { positionMs, playing, speed } = state;
  const seek = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onSeek(((event.clientX - left) / width) * durationMs);
  };
  return (
    <div className={styles['foot']}>
      <Button kind={playing ? 'plain' : 'primary'} onClick={onToggle} chord="Space">
        {playing ? 'Pause' : 'Play'}
      </Button>
      <div
        className={styles['track']}
        role="slider"
        tabIndex={0}
        aria-label="Position"
        aria-valuemin={0}
        aria-valuemax={Math.round(durationMs)}
        aria-valuenow={Math.round(positionMs)}
        aria-valuetext={durationText(positionMs)}
        onPointerDown={seek}
        onPointerMove={seek}
      >
        <svg width="100%" height="100%" preserveAspectRatio="none" viewBox="0 0 1000 24" aria-hidden="true">
          <rect x="0" y="10" width="1000" height="4" className={styles['rail']} />
          <rect x="0" y="10" width={share(positionMs, durationMs)} height="4" className={styles['done']} />
          {marks.map(({ command, atMs }) => (
            <rect
              key={command.commandId}
              x={share(atMs, durationMs)}
              y="4"
              width="2"
              height="16"
              className={styles['tick']}
              data-failed={command.exitCode !== null && command.exitCode !== 0}
            />
          ))}
          <rect
            x={Math.max(0, share(positionMs, durationMs) - 2)}
            y="1"
            width="4"
            height="22"
            className={styles['thumb']}
          />
        </svg>
      </div>
      <span className={styles['time']}>
        {durationText(positionMs)} / {durationText(durationMs)}
      </span>
      <span className={styles['speed']}>{speed}×</span>
      <span className={styles['dim']}>
        <Key chord="n" /> <Key chord="b" /> command · <Key chord="ArrowUp" /> <Key chord="ArrowDown" /> speed
        · pauses shortened to 2 s
      </span>
    </div>
  );
}

function share(atMs: number, durationMs: number): number {
  return durationMs === 0 ? 0 : Math.round((atMs / durationMs) * 998);
}
