import type { ReactNode } from 'react';
import type { SessionPeople } from '../../connection/terminal-client.ts';
import { Key } from '../../design/key.tsx';
import { StateDot } from '../../design/state-dot.tsx';
import { bytesText, durationText } from '../../design/time-text.ts';
import { useNow } from '../../design/use-now.ts';
import { VisibleText } from '../../design/visible-text.tsx';
import type { Away } from './away.ts';
import type { SessionState } from './session-state.ts';
import type { Skipped } from './skipped-output.ts';
import styles from './state-line.module.css';
import { endText, lostText, shortLine, waitingText } from './session-text.ts';

/** What there is to say about a session now; null: all is as it should be. */
export function lineOf(state: SessionState, mayType: boolean): ReactNode {
  const { phase, hint, skipped, people, away, lostCharacters, ending } = state;
  if (phase.kind === 'opening') {
    return (
      <>
        <StateDot state="waiting" /> Opening…
      </>
    );
  }
  if (phase.kind === 'failed') return null;
  const { terminal } = phase;
  if (ending !== null && terminal.kind !== 'ended' && terminal.kind !== 'refused') return endingText(ending);
  switch (terminal.kind) {
    case 'ended':
      return (
        <>
          <StateDot state="off" /> {endText(terminal)}
          {lostCharacters > 0 && ` · ${lostText(lostCharacters)}`} ·{' '}
          {terminal.reason === 'recording_full' && mayType && (
            <>
              <Key action="newSession" /> opens another ·{' '}
            </>
          )}
          <Key chord="Enter" /> closes it
        </>
      );
    case 'refused':
      return (
        <>
          <StateDot state="off" /> {terminal.error.text}{' '}
          {lostCharacters > 0 && `${lostText(lostCharacters)}. `}·{' '}
          {terminal.error.code === 'session_taken_over' && (
            <>
              <Key action="takeUp" /> watches it ·{' '}
            </>
          )}
          <Key chord="Enter" /> closes it
        </>
      );
    case 'connecting':
      return terminal.attempt === 0 && terminal.cause === null ? (
        <>
          <StateDot state="waiting" /> Connecting…
        </>
      ) : (
        <>
          <StateDot state="waiting" />
          <span>
            Connection lost
            <Since away={away} />. {meanwhileText(state)}
          </span>
        </>
      );
    case 'open':
      if (terminal.agent !== 'connected') {
        return (
          <>
            <StateDot state="waiting" />
            <span>
              {terminal.agent === 'lost' ? 'The machine is away' : 'The machine does not answer'}
              <Since away={away} />. {meanwhileText(state)}
            </span>
          </>
        );
      }
      if (hint !== null) return hint;
      // Whoever watches is told so before all else.
      if (people?.mode === 'watch') {
        return (
          <>
            {peopleText(people, mayType, lostCharacters)}
            {skipped !== null && skippedText(skipped)}
          </>
        );
      }
      if (skipped !== null) return skippedText(skipped);
      return people === null ? null : peopleText(people, mayType, lostCharacters);
  }
}

/** What becomes of keys while the machine cannot be reached. */
function meanwhileText({ people, away }: SessionState): string {
  return people?.mode === 'watch'
    ? `You are watching ${people.typist.name}.`
    : waitingText(away?.characters ?? 0);
}

function endingText(line: string): ReactNode {
  return (
    <>
      <StateDot state="waiting" />
      <span className={styles['command']}>
        <VisibleText text={shortLine(line)} />
      </span>{' '}
      <span className={styles['keys']}>
        still runs here: <Key action="closeSession" /> ends it too, <Key chord="Escape" /> keeps it
      </span>
    </>
  );
}

/** For the eye: read aloud, a count would never end. */
function Since({ away }: { away: Away | null }) {
  const now = useNow(1000);
  const seconds = away === null ? 0 : Math.floor((now - away.sinceMs) / 1000);
  // A line that comes back at once needs no clock.
  if (seconds < 3) return null;
  return <span aria-hidden="true"> ({seconds < 60 ? `${seconds} s` : durationText(seconds * 1000)})</span>;
}

function skippedText({ bytes, leftBytes }: Skipped): ReactNode {
  if (leftBytes !== null) return `Loading what was skipped: ${bytesText(leftBytes)} to go`;
  return (
    <>
      <span>{bytesText(bytes)} skipped while this console was away</span>
      <span>
        <Key action="loadSkipped" /> loads it
      </span>
    </>
  );
}

/** Who types, and who looks on. */
function peopleText(
  { mode, typist, away, watchers }: SessionPeople,
  mayType: boolean,
  lostCharacters: number,
): ReactNode {
  if (mode === 'watch') {
    return (
      <>
        <StateDot state="waiting" />
        <span>
          <b>{typist.name}</b> {away ? 'has the keyboard and is away' : 'is typing'} — you are watching.
          {lostCharacters > 0 && ` ${lostText(lostCharacters)}.`}
        </span>
        {mayType && (
          <span>
            <Key action="takeUp" /> takes over
          </span>
        )}
      </>
    );
  }
  const [first, ...others] = watchers;
  if (first === undefined) return null;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return (
    <>
      <StateDot state="good" />
      <span>
        You are typing — <b>{first.name}</b>
        {more} {others.length === 0 ? 'is' : 'are'} watching
      </span>
    </>
  );
}
