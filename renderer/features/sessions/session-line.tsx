import type { ReactNode } from 'react';
import type { SessionPeople } from '../../connection/terminal-client.ts';
import { Key } from '../../design/key.tsx';
import { StateDot } from '../../design/state-dot.tsx';
import { bytesText } from '../../design/time-text.ts';
import type { SessionState, Skipped } from './session.ts';
import { endText } from './session-text.ts';

/** What there is to say about a session now; null: all is as it should be. */
export function lineOf({ phase, hint, skipped, people }: SessionState, mayType: boolean): ReactNode {
  if (phase.kind === 'opening') {
    return (
      <>
        <StateDot state="waiting" /> Opening…
      </>
    );
  }
  if (phase.kind === 'failed') return null;
  const { terminal } = phase;
  switch (terminal.kind) {
    case 'ended':
      return (
        <>
          <StateDot state="off" /> {endText(terminal)} · <Key chord="Enter" /> closes it
        </>
      );
    case 'refused':
      return (
        <>
          <StateDot state="off" /> {terminal.error.text} ·{' '}
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
          <StateDot state="waiting" /> Connection lost. What you type is kept and sent once, when it is back.
        </>
      );
    case 'open':
      if (terminal.agent === 'lost') {
        return (
          <>
            <StateDot state="waiting" /> The machine is away. What you type waits for it.
          </>
        );
      }
      if (hint !== null) return hint;
      if (skipped !== null) return skippedText(skipped);
      return people === null ? null : peopleText(people, mayType);
  }
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
function peopleText({ mode, typist, watchers }: SessionPeople, mayType: boolean): ReactNode {
  if (mode === 'watch') {
    return (
      <>
        <StateDot state="waiting" />
        <span>
          <b>{typist.name}</b> is typing — you are watching.
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
