import type { CommandRecord, SessionReview } from '#protocol/records.ts';
import { Button } from '../../design/button.tsx';
import { clockText, dayText } from '../../design/time-text.ts';
import { TerminalPane } from '../../terminal/terminal-pane.tsx';
import type { TerminalView } from '../../terminal/terminal-view.ts';
import { PlayerBar } from './player-bar.tsx';
import { PlayerList } from './player-list.tsx';
import styles from './player-screen.module.css';
import type { PlayerState } from './recording-player.ts';
import type { OutputSearch } from './use-output-search.ts';

/** A command, and when it began. */
export interface Mark {
  readonly command: CommandRecord;
  readonly atMs: number;
}

export interface PlayerScreenProps {
  readonly session: SessionReview;
  readonly state: PlayerState;
  readonly durationMs: number;
  readonly marks: readonly Mark[];
  readonly search: OutputSearch;
  readonly view: TerminalView;
  readonly hint: string | null;
  readonly onToggle: () => void;
  readonly onSeek: (positionMs: number) => void;
  readonly onDownload: () => void;
  readonly onClose: () => void;
}

export function PlayerScreen(props: PlayerScreenProps) {
  const { session, state, marks, search, view, hint, onSeek, onDownload, onClose } = props;
  return (
    <section className={styles['player']} aria-label={`Recording of ${session.machineName}`}>
      <div className={styles['head']}>
        <span className={styles['recording']}>Recording</span>
        <h2>{session.machineName}</h2>
        <p className={styles['dim']} role="status">
          {hint ??
            `${session.technician.name} · ${dayText(session.startedAt)} ${clockText(session.startedAt, true)}`}
        </p>
        <Button kind="quiet" onClick={onDownload} chord="d">
          Download
        </Button>
        <Button kind="quiet" onClick={onClose} chord="Escape">
          Back to the review
        </Button>
      </div>
      <div className={styles['middle']}>
        <PlayerList marks={marks} search={search} positionMs={state.positionMs} onSeek={onSeek} />
        <div className={styles['screen']} data-drawing={state.drawing}>
          <TerminalPane view={view} active={false} />
        </div>
      </div>
      <PlayerBar {...props} />
    </section>
  );
}
