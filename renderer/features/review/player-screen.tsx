import type { CommandRecord, SessionReview } from '#protocol/records.ts';
import { Button } from '../../design/button.tsx';
import { Key } from '../../design/key.tsx';
import { clockText, dayText, durationText } from '../../design/time-text.ts';
import { TerminalPane } from '../../terminal/terminal-pane.tsx';
import type { TerminalView } from '../../terminal/terminal-view.ts';
import styles from './player-screen.module.css';
import type { PlayerState } from './recording-player.ts';

interface PlayerScreenProps {
  readonly session: SessionReview;
  readonly state: PlayerState;
  readonly durationMs: number;
  readonly marks: readonly { readonly command: CommandRecord; readonly atMs: number }[];
  readonly view: TerminalView;
  readonly onToggle: () => void;
  readonly onSeek: (positionMs: number) => void;
  readonly onClose: () => void;
}

export function PlayerScreen(props: PlayerScreenProps) {
  const { session, state, durationMs, marks, view, onToggle, onSeek, onClose } = props;
  const current = marks.findLastIndex(({ atMs }) => atMs <= state.positionMs);
  return (
    <section className={styles['player']} aria-label={`Recording of ${session.machineName}`}>
      <header className={styles['head']}>
        <h2>{session.machineName}</h2>
        <p className={styles['dim']}>
          {session.technician.name} · {dayText(session.startedAt)} {clockText(session.startedAt, true)}
        </p>
        <Button kind="quiet" onClick={onClose} chord="Escape">
          Back to the review
        </Button>
      </header>
      <div className={styles['middle']}>
        <ol className={styles['commands']} aria-label="Commands">
          {marks.map(({ command, atMs }, index) => (
            <li key={command.commandId}>
              <button
                type="button"
                className={styles['command']}
                aria-current={index === current}
                onClick={() => onSeek(atMs)}
                tabIndex={-1}
              >
                <code>{command.line}</code>
                <span data-failed={command.exitCode !== null && command.exitCode !== 0}>
                  {command.exitCode === null ? '–' : `exit ${command.exitCode}`}
                </span>
              </button>
            </li>
          ))}
        </ol>
        <div className={styles['screen']}>
          <TerminalPane view={view} active={false} />
        </div>
      </div>
      <footer className={styles['foot']}>
        <Button onClick={onToggle} chord="Space">
          {state.playing ? 'Pause' : 'Play'}
        </Button>
        <div
          className={styles['track']}
          role="progressbar"
          aria-label="Position"
          aria-valuemin={0}
          aria-valuemax={durationMs}
          aria-valuenow={Math.round(state.positionMs)}
          aria-valuetext={durationText(state.positionMs)}
        >
          <svg width="100%" height="100%" preserveAspectRatio="none" viewBox="0 0 1000 10" aria-hidden="true">
            <rect x="0" y="4" width="1000" height="2" className={styles['rail']} />
            <rect
              x="0"
              y="4"
              width={share(state.positionMs, durationMs)}
              height="2"
              className={styles['done']}
            />
            {marks.map(({ command, atMs }) => (
              <rect
                key={command.commandId}
                x={share(atMs, durationMs)}
                y="1"
                width="2"
                height="8"
                className={styles['tick']}
              />
            ))}
          </svg>
        </div>
        <span className={styles['time']}>
          {durationText(state.positionMs)} / {durationText(durationMs)}
        </span>
        <span className={styles['speed']}>{state.speed}×</span>
        <span className={styles['dim']}>
          <Key chord="n" /> <Key chord="b" /> commands · pauses shortened to 2 s
        </span>
      </footer>
    </section>
  );
}

function share(atMs: number, durationMs: number): number {
  return durationMs === 0 ? 0 : Math.round((atMs / durationMs) * 998);
}
