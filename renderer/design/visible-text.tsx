import { visibleParts } from './visible-parts.ts';
import styles from './visible-text.module.css';

/** Text of others, as it is: what could not be seen is drawn by name, and nothing in it changes the order of a line.
 * `kept` is what is left of it: the rest is struck through. */
export function VisibleText({ text, kept = text }: { text: string; kept?: string }) {
  return (
    <code className={styles['text']}>
      {visibleParts(text, kept).map((part) =>
        part.kind === 'text' ? (
          part.text
        ) : (
          <span key={part.at}>
            {part.removed ? (
              <del className={styles['hidden']}>{part.name}</del>
            ) : (
              <span className={styles['hidden']}>{part.name}</span>
            )}
            {part.name === 'LF' && '\n'}
          </span>
        ),
      )}
    </code>
  );
}
