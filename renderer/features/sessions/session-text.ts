import type { SessionEndReason } from '#protocol/records.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { DotState } from '../../design/state-dot.tsx';
import { countText } from '../../design/time-text.ts';
import type { Session } from './session.ts';
import type { SessionState } from './session-state.ts';

const REASONS: Readonly<Record<Exclude<SessionEndReason, 'exited'>, string>> = {
  closed: 'Session closed',
  locked: 'Session ended: the client was locked',
  agent_lost: 'Session ended: the machine stayed away',
  recording_failed: 'Session ended: it could not be recorded',
  recording_full: 'Session ended: its recording is full',
  access_revoked: 'Session ended: your access was revoked',
  timed_out: 'Session ended: nobody used it for too long',
};

export function endText({
  reason,
  exitCode,
}: {
  readonly reason: SessionEndReason;
  readonly exitCode: number | null;
}): string {
  if (reason !== 'exited') return REASONS[reason];
  // No exit code is what a signal leaves.
  return exitCode === null ? 'Session ended: its shell was killed' : `Session ended · exit ${exitCode}`;
}

/** Why no session came about. Nothing tries again by itself, whatever the error's own text says. */
export function failureText({ code, text }: CallError): string {
  return code === 'unavailable' ? 'The relay cannot be reached at the moment.' : text;
}

const LINE_SHOWN_MAX = 48;

/** Of a command, as much as a line among others has room for. */
export function shortLine(line: string): string {
  const [first = '', ...more] = line.split('\n');
  const cut = first.length > LINE_SHOWN_MAX;
  return cut || more.length > 0 ? `${first.slice(0, cut ? LINE_SHOWN_MAX : undefined)}…` : first;
}

const typed = (characters: number) => `${countText(characters, 'character')} that you typed`;

/** Of what was typed while the machine was away. */
export function waitingText(characters: number): string {
  return characters === 0
    ? 'What you type is kept and sent once, when it is back.'
    : `${typed(characters)} ${characters === 1 ? 'is' : 'are'} kept and sent once, when it is back.`;
}

/** Of what waited when the session ended or another took over: some of it may have been on its way. */
export function lostText(characters: number): string {
  return `${typed(characters)} may not have reached it`;
}

/** Its machine, and which of several on it. */
export function nameOf({ machineName, ordinal }: Pick<Session, 'machineName' | 'ordinal'>): string {
  return ordinal > 1 ? `${machineName} · ${ordinal}` : machineName;
}

/** What Enter does while the keyboard is in the terminal. */
export function terminalEnterText(
  session: Pick<Session, 'machineName' | 'ordinal'>,
  state: SessionState,
): string {
  const { phase, people, run } = state;
  const name = nameOf(session);
  if (phase.kind === 'opening') return `does nothing: the session on ${name} is being opened`;
  if (phase.kind === 'failed') return `does nothing: there is no session on ${name}`;
  const { terminal } = phase;
  if (terminal.kind === 'ended' || terminal.kind === 'refused') return `closes the pane of ${name}`;
  if (people?.mode === 'watch') {
    const { typist, away } = people;
    return `does nothing: ${typist.name} ${away ? 'has the keyboard' : 'types'} on ${name}, you watch`;
  }
  if (terminal.kind === 'connecting') return `is kept for the shell on ${name}, until the connection is back`;
  if (terminal.agent !== 'connected') {
    const back = terminal.agent === 'lost' ? 'is back' : 'answers';
    return `is kept for the shell on ${name}, until the machine ${back}`;
  }
  return run?.state === 'running'
    ? `is typed into the shell on ${name}, where “${run.title}” runs`
    : `is typed into the shell on ${name}`;
}

export function dotOf({ phase }: SessionState): DotState {
  if (phase.kind === 'opening') return 'waiting';
  if (phase.kind === 'failed') return 'off';
  const { terminal } = phase;
  if (terminal.kind === 'open') return terminal.agent === 'connected' ? 'good' : 'waiting';
  return terminal.kind === 'connecting' ? 'waiting' : 'off';
}
