import type { LinePart } from '#protocol/runbook/fill-steps.ts';
import { VisibleText } from '../../design/visible-text.tsx';
import styles from './step-list.module.css';

/** The lines of a runbook, as they are typed: nothing in them hides, and what is filled in stands out. */
export function StepList({ lines }: { lines: readonly (readonly LinePart[])[] }) {
  return (
    // It scrolls, so a keyboard must reach it.
    <ol className={styles['steps']} aria-label="Steps" tabIndex={0}>
      {numbered(lines).map(({ parts, number }) => (
        <li key={number}>
          <span className={styles['number']}>{number}</span>
          <span className={styles['line']}>
            {parts.map(({ part: { text, of }, place }) =>
              of === 'template' ? (
                <VisibleText key={place} text={text} />
              ) : (
                <mark key={place} data-of={of}>
                  <VisibleText text={text} />
                </mark>
              ),
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The same line, and the same value, may stand twice: each is known by its place. */
function numbered(lines: readonly (readonly LinePart[])[]) {
  const placed = (parts: readonly LinePart[]) => parts.map((part, place) => ({ part, place }));
  return lines.map((parts, index) => ({ parts: placed(parts), number: index + 1 }));
}
