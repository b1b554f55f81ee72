import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Timers } from '../../connection/socket.ts';
import { Button } from '../../design/button.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { TerminalView } from '../../terminal/terminal-view.ts';
import { PlayerScreen } from './player-screen.tsx';
import styles from './player-screen.module.css';
import { RecordingPlayer } from './recording-player.ts';
import { buildTimeline, commandAtMs } from './recording-timeline.ts';
import type { Playing } from './review-store.ts';

interface PlayerProps {
  readonly active: boolean;
  readonly timers: Pick<Timers, 'now' | 'after'>;
  readonly onClose: () => void;
}

export function Player({ playing, ...rest }: PlayerProps & { playing: Playing }) {
  useKeys({ playerClose: rest.onClose }, rest.active);
  if (playing.kind === 'ready') {
    return <ReadyPlayer {...rest} session={playing.session} events={playing.events} />;
  }
  return (
    <div className={styles['waiting']}>
      {playing.kind === 'loading' ? (
        <p role="status">Reading the recording of {playing.session.machineName}…</p>
      ) : (
        <Notice
          tone="warn"
          role="alert"
          title="The recording could not be read"
          actions={
            <Button onClick={rest.onClose} chord="Escape" autoFocus>
              Back
            </Button>
          }
        >
          {playing.error.text}
        </Notice>
      )}
    </div>
  );
}

function ReadyPlayer({
  session,
  events,
  active,
  timers,
  onClose,
}: PlayerProps & Pick<Extract<Playing, { kind: 'ready' }>, 'session' | 'events'>) {
  const timeline = useMemo(() => buildTimeline(events), [events]);
  const [{ view, player }] = useState(() => {
    const screen = new TerminalView({
      label: `Recording on ${session.machineName}`,
      fixedSize: timeline.startSize,
    });
    return { view: screen, player: new RecordingPlayer(timeline, sinkOf(screen), timers) };
  });
  const state = useStore(player.store);
  const marks = useMemo(
    () => session.commands.map((command) => ({ command, atMs: commandAtMs(timeline, command) })),
    [session, timeline],
  );
  useEffect(() => {
    // `p` in the review asked to play.
    player.toggle();
    return () => {
      player.dispose();
      view.dispose();
    };
  }, [player, view]);
  const jump = (by: 1 | -1) => {
    const before = marks.filter(({ atMs }) => atMs < state.positionMs - 1);
    const target = by === 1 ? marks.find(({ atMs }) => atMs > state.positionMs + 1) : before.at(-1);
    player.seek(target?.atMs ?? (by === 1 ? timeline.durationMs : 0));
  };
  useKeys(
    {
      playerToggle: () => player.toggle(),
      playerBack: () => player.step(-5000),
      playerOn: () => player.step(5000),
      playerFaster: () => player.faster(1),
      playerSlower: () => player.faster(-1),
      playerNext: () => jump(1),
      playerPrevious: () => jump(-1),
    },
    active,
  );
  return (
    <PlayerScreen
      session={session}
      state={state}
      durationMs={timeline.durationMs}
      marks={marks}
      view={view}
      onToggle={() => player.toggle()}
      onSeek={(ms) => player.seek(ms)}
      onClose={onClose}
    />
  );
}

function sinkOf(view: TerminalView) {
  return {
    reset: () => view.reset(),
    write: (bytes: Uint8Array) => view.write(bytes),
    resize: (size: { cols: number; rows: number }) => view.resize(size),
  };
}
