import type { ReactNode } from 'react';
import type { AttemptReview, CommandRecord, KeyAlertReview, SessionReview } from '#protocol/records.ts';
import { Key } from '../../design/key.tsx';
import { bytesText, clockText, countText, durationText } from '../../design/time-text.ts';
import styles from './review-card.module.css';
import { attemptReasonText, endReasonText, oddities } from './review-item.ts';
import type { ReviewItem } from './review-item.ts';

interface ReviewCardProps {
  readonly item: ReviewItem;
  readonly chosen: boolean;
  readonly unfolded: boolean;
  readonly reviewed: boolean;
  readonly flagged: boolean;
  readonly onChoose: () => void;
}

export function ReviewCard({ item, chosen, unfolded, reviewed, flagged, onChoose }: ReviewCardProps) {
  return (
    // Keys work on the list as a whole; a pointer chooses and unfolds.
    <li
      id={`review-${item.id}`}
      role="option"
      aria-selected={chosen}
      aria-label={labelOf(item)}
      className={styles['card']}
      data-exception={item.exception}
      data-kind={item.kind}
      data-reviewed={reviewed}
      onClick={onChoose}
    >
      <Head item={item} />
      <span className={styles['marks']}>
        {flagged && <span className={styles['flag']}>Follow up</span>}
        {reviewed && <span className={styles['done']}>Reviewed</span>}
      </span>
      {unfolded && (
        <div className={styles['body']}>
          <Body item={item} />
        </div>
      )}
    </li>
  );
}

function Head({ item }: { item: ReviewItem }) {
  switch (item.kind) {
    case 'attempt':
      return <AttemptHead attempt={item.attempt} />;
    case 'key':
      return <KeyHead alert={item.alert} />;
    case 'session':
      return <SessionHead session={item.session} />;
  }
}

function Body({ item }: { item: ReviewItem }) {
  switch (item.kind) {
    case 'attempt':
      return <AttemptBody attempt={item.attempt} />;
    case 'key':
      return <KeyBody alert={item.alert} />;
    case 'session':
      return <SessionBody session={item.session} />;
  }
}

function labelOf(item: ReviewItem): string {
  switch (item.kind) {
    case 'attempt':
      return `Aborted attempt of ${item.attempt.technician.name}`;
    case 'key':
      return `Key of ${item.alert.machineName} on two hosts`;
    case 'session':
      return `Session of ${item.session.technician.name} on ${item.session.machineName}`;
  }
}

function KeyHead({ alert }: { alert: KeyAlertReview }) {
  return (
    <p className={styles['head']}>
      <span className={styles['time']}>{clockText(alert.firstAt)}</span>
      <b className={styles['what']}>{alert.machineName}</b>
      <span>Key on two hosts</span>
      <span className={styles['dim']}>
        {countText(alert.times, 'time')}
        {alert.quarantined && ' · kept out until an administrator decides'}
      </span>
    </p>
  );
}

function KeyBody({ alert }: { alert: KeyAlertReview }) {
  return (
    <>
      <p className={styles['lead']}>
        Two hosts proved this key and both answered: it was copied or stolen. Find the other host, and enroll
        one of the two anew with <code>--wipe</code>.
      </p>
      <dl className={styles['facts']}>
        <Fact name="First">{clockText(alert.firstAt, true)}</Fact>
        <Fact name="Last">{clockText(alert.lastAt, true)}</Fact>
        <Fact name="Machine">{alert.machineId}</Fact>
      </dl>
    </>
  );
}

function AttemptHead({ attempt }: { attempt: AttemptReview }) {
  return (
    <p className={styles['head']}>
      <span className={styles['time']}>{clockText(attempt.openedAt)}</span>
      <b className={styles['what']}>Aborted attempt</b>
      <span>{attempt.technician.name}</span>
      <span className={styles['dim']}>
        {attempt.zeroResults ? 'nothing found' : 'not connected'} · {attemptReasonText(attempt)} ·{' '}
        {durationText(attempt.dwellMs)}
      </span>
    </p>
  );
}

function AttemptBody({ attempt }: { attempt: AttemptReview }) {
  return (
    <>
      {attempt.queries.length > 0 && (
        <table className={styles['table']}>
          <caption className={styles['caption']}>Searched for</caption>
          <tbody>
            {attempt.queries.map(({ query, at, resultCount }) => (
              <tr key={`${at} ${query}`}>
                <td className={styles['time']}>{clockText(at, true)}</td>
                <td>
                  <code>{query}</code>
                </td>
                <td className={styles['right']} data-zero={resultCount === 0}>
                  {resultCount === 0 ? 'no results' : countText(resultCount, 'result')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <dl className={styles['facts']}>
        <Fact name="Came by">{attempt.via === 'link' ? 'a link' : 'search'}</Fact>
        {attempt.via === 'link' && (
          <Fact name="Machine of the link">{attempt.machineName ?? 'not in this client'}</Fact>
        )}
        <Fact name="Stayed">{durationText(attempt.dwellMs)}</Fact>
        <Fact name="Asked for another client">
          {attempt.orgSwitchedAt === null ? 'no' : `at ${clockText(attempt.orgSwitchedAt, true)}`}
        </Fact>
        <Fact name="Ended">
          {attemptReasonText(attempt)} at {clockText(attempt.endedAt, true)}
        </Fact>
      </dl>
    </>
  );
}

function SessionHead({ session }: { session: SessionReview }) {
  const odd = oddities(session);
  const failed = session.commands.filter(({ exitCode }) => exitCode !== null && exitCode !== 0).length;
  return (
    <p className={styles['head']}>
      <span className={styles['time']}>{clockText(session.startedAt)}</span>
      <b className={styles['what']}>{session.machineName}</b>
      <span>{session.technician.name}</span>
      <span className={styles['dim']}>
        {countText(session.commands.length, 'command')}
        {failed > 0 && ` · ${failed} failed`}
        {session.endedAt !== null && ` · ${durationText(session.endedAt - session.startedAt)}`} ·{' '}
        {endReasonText(session)}
      </span>
      {odd.length > 0 && <span className={styles['odd']}>{odd.join(' · ')}</span>}
    </p>
  );
}

function SessionBody({ session }: { session: SessionReview }) {
  return (
    <>
      {session.commands.length > 0 && (
        <table className={styles['table']}>
          <caption className={styles['caption']}>Commands</caption>
          <tbody>
            {session.commands.map((command) => (
              <Command key={command.commandId} command={command} />
            ))}
          </tbody>
        </table>
      )}
      <dl className={styles['facts']}>
        <Fact name="Typed">{bytesText(session.bytesIn)}</Fact>
        <Fact name="Shown">{bytesText(session.bytesOut)}</Fact>
        <Fact name="Interruptions">
          {session.interruptions.length === 0
            ? 'none'
            : session.interruptions.map(({ gapMs }) => durationText(gapMs)).join(', ')}
        </Fact>
        <Fact name="Recording">
          {session.recordingSha256 === null ? (
            'none'
          ) : (
            <>
              <code>{session.recordingSha256.slice(0, 12)}</code> · <Key chord="p" /> plays it
            </>
          )}
        </Fact>
      </dl>
    </>
  );
}

function Command({ command }: { command: CommandRecord }) {
  const { exitCode, durationMs, trusted, source } = command;
  return (
    <tr>
      <td className={styles['time']}>{clockText(command.startedAt, true)}</td>
      <td>
        <code>{command.line}</code>
      </td>
      <td className={styles['dim']}>
        {source === 'runbook' ? 'runbook' : ''}
        {!trusted && <span className={styles['odd']}>not reported by our shell</span>}
      </td>
      <td className={styles['right']} data-failed={exitCode !== null && exitCode !== 0}>
        {exitCode === null ? 'no exit code' : `exit ${exitCode}`}
      </td>
      <td className={styles['right']}>{durationMs === null ? '' : durationText(durationMs)}</td>
    </tr>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className={styles['dim']}>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
