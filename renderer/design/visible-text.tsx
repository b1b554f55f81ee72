import { visibleParts } from './visible-parts.ts';
import styles from './visible-text.module.css';

/** Text of others, as it is: what could not be seen is drawn by name, and nothing in it changes the order of a line. */
export function VisibleText({ text }: { text: string }) {
  return (
    <code className={styles['text']}>
      {visibleParts(text).map((part) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <span key={part.at}>
            <span className={styles['hidden']}>{part.name}</span>
            {part.name === 'LF' && '\n'}
          </span>
        ),
      )}
    </code>
  );
}
