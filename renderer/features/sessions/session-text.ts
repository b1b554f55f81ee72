import type { SessionEndReason } from '#protocol/records.ts';
import type { DotState } from '../../design/state-dot.tsx';
import type { Session, SessionState } from './session.ts';

const REASONS: Readonly<Record<Exclude<SessionEndReason, 'exited'>, string>> = {
  closed: 'Session closed',
  locked: 'Session ended: the client was locked',
  agent_lost: 'Session ended: the machine stayed away',
  recording_failed: 'Session ended: it could not be recorded',
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
  return exitCode === null ? 'Session ended' : `Session ended · exit ${exitCode}`;
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
  if (people?.mode === 'watch') return `does nothing: ${people.typist.name} types on ${name}, you watch`;
  if (terminal.kind === 'connecting') return `is kept for the shell on ${name}, until the connection is back`;
  if (terminal.agent === 'lost') return `is kept for the shell on ${name}, until the machine is back`;
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

const HOST_SHOWN_MAX = 60;

/** Where a link of a program would lead, whatever its own text says. Of a long host its end, which tells whose it is. */
export function linkText(address: string): string {
  const host = URL.canParse(address) ? new URL(address).host : '';
  const shown = host.length > HOST_SHOWN_MAX ? `…${host.slice(-HOST_SHOWN_MAX)}` : host;
  const to = shown === '' ? 'no host' : shown;
  return `This link leads to ${to}. The console opens no links.`;
}
