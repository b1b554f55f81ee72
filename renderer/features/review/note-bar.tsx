import { useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { Button } from '../../design/button.tsx';
import styles from './review-screen.module.css';

/** Where a note on the chosen card is written. @param about what the card is */
export function NoteBar({
  about,
  onKeep,
  onCancel,
}: {
  about: string;
  onKeep: (text: string) => void;
  onCancel: () => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  const keep = () => onKeep(field.current?.value ?? '');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') keep();
    else if (event.key === 'Escape') onCancel();
    else return;
    event.preventDefault();
  };
  return (
    <div className={styles['noting']}>
      <label htmlFor="review-note">Note: {about}</label>
      <input
        id="review-note"
        ref={field}
        className={styles['field']}
        placeholder="For whoever reviews next; kept with the record"
        maxLength={2000}
        autoFocus
        spellCheck={false}
        onKeyDown={onKeyDown}
        data-enter={`keeps the note on “${about}”`}
      />
      <Button onClick={keep} chord="Enter">
        Keep
      </Button>
      <Button kind="quiet" onClick={onCancel} chord="Escape">
        Discard
      </Button>
    </div>
  );
}
