import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { Timers } from '../../connection/socket.ts';
import { Button } from '../../design/button.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { Notice } from '../../design/notice.tsx';
import { bytesText } from '../../design/time-text.ts';
import type { TerminalParts } from '../../terminal/late-terminal.ts';
import { linkText } from '../../terminal/link-text.ts';
import type { TerminalView } from '../../terminal/terminal-view.ts';
import type { CastVersion } from './cast-writer.ts';
import { Keyframes } from './keyframes.ts';
import { PlayerScreen } from './player-screen.tsx';
import styles from './player-screen.module.css';
import { RecordingPlayer } from './recording-player.ts';
import { commandAtMs, neighbour } from './recording-timeline.ts';
import type { Timeline } from './recording-timeline.ts';
import type { Playing } from './recordings.ts';
import { useOutputSearch } from './use-output-search.ts';

interface PlayerProps {
  readonly active: boolean;
  readonly timers: Pick<Timers, 'now' | 'after'>;
  readonly hint: string | null;
  readonly onDownload: (version: CastVersion) => void;
  readonly onClose: () => void;
}

/** Shorter recordings are drawn from their start before anybody notices. */
const KEYFRAMES_FROM_BYTES = 2 * 1024 * 1024;
const SCROLLBACK_LINES = 300;
/** In CSS pixels, of a recorded screen that is wider than its place here: smaller nobody reads it at the usual distance. */
const TEXT_SIZES = { least: 5, usual: 10, most: 13 } as const;

export function Player({ playing, ...rest }: PlayerProps & { playing: Playing }) {
  useKeys({ playerClose: rest.onClose }, rest.active);
  if (playing.kind === 'ready') return <ReadyPlayer {...rest} playing={playing} />;
  const { machineName, bytesOut } = playing.session;
  return (
    <div className={styles['waiting']}>
      {playing.kind === 'loading' ? (
        <p role="status">
          Reading the recording of {machineName}: {bytesText(playing.readBytes)}
          {bytesOut > 0 && ` of ${bytesText(bytesOut)}`}…
        </p>
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
  playing: { session, timeline, from, terminal },
  active,
  timers,
  hint,
  onDownload,
  onClose,
}: PlayerProps & { playing: Extract<Playing, { kind: 'ready' }> }) {
  const marks = useMemo(
    () => session.commands.map((command) => ({ command, atMs: commandAtMs(timeline, command) })),
    [session, timeline],
  );
  const [link, setLink] = useState<string | null>(null);
  const [{ view, player, keyframes }] = useState(() => {
    // Nothing is told to `onInput`, so what is typed here reaches nothing.
    const screen = new terminal.TerminalView({
      label: `Recording on ${session.machineName}`,
      onLink: (address) => setLink(address === null ? null : linkText(address)),
    });
    screen.keepReadable(TEXT_SIZES.usual);
    screen.holdSize(timeline.startSize);
    const frames = new Keyframes();
    const keyframe = (count: number) => frames.before(count);
    return {
      view: screen,
      keyframes: frames,
      player: new RecordingPlayer({ timeline, sink: sinkOf(screen), timers, keyframe }),
    };
  });
  const state = useStore(player.store);
  const search = useOutputSearch(timeline, timers);
  useEffect(() => parseAhead(terminal, timeline, keyframes), [terminal, timeline, keyframes]);
  useEffect(() => {
    // `p` in the review asked to play, from the chosen command if there is one.
    const start = marks.find(({ command }) => command.commandId === from);
    if (start !== undefined) player.seek(start.atMs);
    player.toggle();
    return () => {
      player.dispose();
      view.dispose();
    };
  }, [player, view, marks, from]);
  const jump = (by: 1 | -1) => {
    const { playing, speed, positionMs } = player.store.getState();
    const target = neighbour(marks, positionMs, by, playing ? speed : 0);
    player.seek(target?.atMs ?? (by === 1 ? timeline.durationMs : 0));
  };
  const textSize = useRef<number>(TEXT_SIZES.usual);
  const changeText = (to: number) => {
    textSize.current = Math.min(TEXT_SIZES.most, Math.max(TEXT_SIZES.least, to));
    view.keepReadable(textSize.current);
  };
  useKeys(
    {
      fontLarger: () => changeText(textSize.current + 1),
      fontSmaller: () => changeText(textSize.current - 1),
      fontUsual: () => changeText(TEXT_SIZES.usual),
      playerToggle: () => player.toggle(),
      playerBack: () => player.step(-5000),
      playerOn: () => player.step(5000),
      playerStart: () => player.seek(0),
      playerEnd: () => player.seek(timeline.durationMs),
      playerFaster: () => player.faster(1),
      playerSlower: () => player.faster(-1),
      playerNext: () => jump(1),
      playerPrevious: () => jump(-1),
      playerSearch: () => search.field.current?.focus(),
      playerDownload: () => onDownload(3),
      playerDownloadOld: () => onDownload(2),
    },
    active,
  );
  return (
    <PlayerScreen
      session={session}
      state={state}
      durationMs={timeline.durationMs}
      marks={marks}
      search={search}
      view={view}
      hint={link ?? hint}
      onToggle={() => player.toggle()}
      onSeek={(ms) => player.seek(ms)}
      onDownload={() => onDownload(3)}
      onClose={onClose}
    />
  );
}

/** @returns a function that stops it */
function parseAhead({ HiddenTerminal }: TerminalParts, timeline: Timeline, keyframes: Keyframes): () => void {
  if ((timeline.moments.at(-1)?.offsetBytes ?? 0) < KEYFRAMES_FROM_BYTES) return () => undefined;
  const stopped = new AbortController();
  const hidden = new HiddenTerminal(timeline.startSize, SCROLLBACK_LINES);
  void keyframes.build(timeline, hidden, stopped.signal).finally(() => hidden.dispose());
  return () => stopped.abort();
}

function sinkOf(view: TerminalView) {
  return {
    reset: () => view.reset(),
    write: (bytes: Uint8Array | string, drawn: () => void) => view.write(bytes, drawn),
    resize: (size: TerminalSize) => view.holdSize(size),
  };
}
