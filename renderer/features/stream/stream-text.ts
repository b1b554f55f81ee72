import type { ShownReceiver, StreamStanding, StreamTrouble } from '#protocol/stream.ts';
import type { DotState } from '../../design/state-dot.tsx';

export function kindText({ kind }: ShownReceiver): string {
  return kind === 'webhook' ? 'HTTPS webhook' : 'Syslog over TLS';
}

export function formText({ kind, form }: ShownReceiver): string {
  if (kind === 'syslog') return 'RFC 5424, each with its line of the record';
  return form === 'ocsf'
    ? 'OCSF, one event a line'
    : form === 'ecs'
      ? 'ECS, one event a line'
      : 'The lines of the record';
}

/** What happened, and what to do next. */
export const TROUBLES: Readonly<Record<StreamTrouble, { readonly title: string; readonly next: string }>> = {
  unreachable: {
    title: 'The receiver cannot be reached',
    next: 'Check that it listens there, and that a known authority signed its certificate for that name. An address inside the relay’s own network is called only where the relay’s operator allows it.',
  },
  refused: {
    title: 'The receiver answers, and refuses',
    next: 'Check the path and the token. Neither is shown here; change them and both are sent anew.',
  },
  late: {
    title: 'The receiver does not answer in time',
    next: 'It took longer than 15 seconds. Check how busy it is.',
  },
};

/** @returns how the stream is, by shape and in words */
export function stateOf({ failing, sentSeq, signedSeq }: StreamStanding): {
  readonly dot: DotState;
  readonly text: string;
} {
  const behind = signedSeq - sentSeq;
  if (failing !== null) return { dot: 'silent', text: `Waiting, ${count(behind)} behind` };
  // It begins with what no checkpoint covers yet.
  if (signedSeq === 0 || behind < 0)
    return { dot: 'waiting', text: 'The first events follow within seconds' };
  if (behind > 0) return { dot: 'waiting', text: `Sending, ${count(behind)} behind` };
  return { dot: 'good', text: 'Delivered, nothing waits' };
}

function count(events: number): string {
  return `${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'}`;
}
