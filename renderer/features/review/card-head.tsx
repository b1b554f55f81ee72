import type { ReactNode } from 'react';
import type { SessionReview } from '#protocol/records.ts';
import { clockText, countText, dayText, durationText } from '../../design/time-text.ts';
import styles from './review-card.module.css';
import { attemptReasonText, endReasonText, exceptionTexts } from './review-item.ts';
import type { ReviewItem } from './review-item.ts';

/** One line that says what it was, who, and why it deserves a look. @param today the day that is not named */
export function CardHead({ item, today }: { item: ReviewItem; today: string }) {
  switch (item.kind) {
    case 'attempt': {
      const { technician, zeroResults, dwellMs } = item.attempt;
      return (
        <Line item={item} today={today} what="Aborted attempt" who={technician.name}>
          {zeroResults ? 'nothing found' : 'not connected'} · {attemptReasonText(item.attempt)} ·{' '}
          {durationText(dwellMs)}
        </Line>
      );
    }
    case 'key': {
      const { machineName, times, quarantined } = item.alert;
      return (
        <Line item={item} today={today} what={machineName} who="Key on two hosts">
          {countText(times, 'time')}
          {quarantined && ' · kept out until an administrator decides'}
        </Line>
      );
    }
    case 'pastes': {
      const { technician, pastes } = item.stay;
      return (
        <Line item={item} today={today} what="Paste stopped" who={technician.name}>
          {countText(pastes.length, 'time')} · outside any session
        </Line>
      );
    }
    case 'session':
      return <SessionHead item={item} today={today} session={item.session} />;
  }
}

function SessionHead({ item, today, session }: { item: ReviewItem; today: string; session: SessionReview }) {
  const { machineName, technician, commands, startedAt, endedAt, exceptions } = session;
  const odd = exceptionTexts(session);
  return (
    <Line
      item={item}
      today={today}
      what={machineName}
      who={technician.name}
      odd={odd.length === 0 ? null : odd.join(' · ')}
    >
      {countText(commands.length, 'command')}
      {endedAt !== null && ` · ${durationText(endedAt - startedAt)}`}
      {!exceptions.includes('odd_end') && ` · ${endReasonText(session)}`}
    </Line>
  );
}

function Line({
  item,
  today,
  what,
  who,
  odd = null,
  children,
}: {
  item: ReviewItem;
  today: string;
  what: string;
  who: string;
  odd?: string | null;
  children: ReactNode;
}) {
  const day = dayText(item.atMs);
  return (
    <p className={styles['head']}>
      <span className={styles['time']}>
        {day === today ? '' : `${day} `}
        {clockText(item.atMs)}
      </span>
      <b className={styles['what']}>{what}</b>
      <span>{who}</span>
      <span className={styles['dim']}>{children}</span>
      {odd !== null && <span className={styles['odd']}>{odd}</span>}
    </p>
  );
}
