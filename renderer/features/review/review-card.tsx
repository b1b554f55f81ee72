import { memo } from 'react';
import type { CommandId } from '#protocol/ids.ts';
import type { ReviewNote } from '#protocol/records.ts';
import { clockText, dayText } from '../../design/time-text.ts';
import { CardBody } from './card-body.tsx';
import { CardHead } from './card-head.tsx';
import styles from './review-card.module.css';
import type { ReviewItem } from './review-item.ts';

interface ReviewCardProps {
  readonly item: ReviewItem;
  /** The day that its time is of, unless another is named. */
  readonly today: string;
  readonly chosen: boolean;
  /** Where playback begins, if it is a command of this card. */
  readonly command: CommandId | null;
  readonly unfolded: boolean;
  readonly reviewed: boolean;
  readonly flagged: boolean;
  readonly notes: readonly ReviewNote[];
  /** The same one for as long as the review is open, so that a key draws the cards that it changes and no others. */
  readonly onChoose: (id: string) => void;
}

export const ReviewCard = memo(function ReviewCard(props: ReviewCardProps) {
  const { item, today, chosen, command, unfolded, reviewed, flagged, notes, onChoose } = props;
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
      onClick={() => onChoose(item.id)}
    >
      <CardHead item={item} today={today} />
      <span className={styles['marks']}>
        {notes.length > 0 && !unfolded && <span className={styles['noted']}>Note</span>}
        {flagged && <span className={styles['flag']}>Follow up</span>}
        {reviewed && <span className={styles['done']}>Reviewed</span>}
      </span>
      {unfolded && (
        <div className={styles['body']}>
          <CardBody item={item} command={command} />
          {notes.map((note) => (
            <p key={note.noteId} className={styles['note']}>
              <span className={styles['dim']}>
                {note.by.name}, {dayText(note.at)} {clockText(note.at)}
              </span>
              {note.text}
            </p>
          ))}
        </div>
      )}
    </li>
  );
});

/** What this card is, in a few words. */
export function labelOf(item: ReviewItem): string {
  switch (item.kind) {
    case 'attempt':
      return `Aborted attempt of ${item.attempt.technician.name}`;
    case 'key':
      return `Key of ${item.alert.machineName} on two hosts`;
    case 'pastes':
      return `Stopped pastes of ${item.stay.technician.name}`;
    case 'session':
      return `Session of ${item.session.technician.name} on ${item.session.machineName}`;
  }
}
