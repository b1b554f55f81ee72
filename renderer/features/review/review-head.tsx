import type { KeyboardEvent, RefObject } from 'react';
import { Button } from '../../design/button.tsx';
import { Key } from '../../design/key.tsx';
import { clockText, countText, dayText, durationText } from '../../design/time-text.ts';
import { useNow } from '../../design/use-now.ts';
import { FILTERS, passes } from './review-filter.ts';
import type { Filter, NightSummary } from './review-filter.ts';
import type { ReviewItem } from './review-item.ts';
import styles from './review-screen.module.css';
import type { ReviewScreenProps } from './review-screen.tsx';
import type { ReviewState } from './review-store.ts';

const RANGES = [
  { hours: 12, text: '12 hours' },
  { hours: 24, text: '24 hours' },
  { hours: 168, text: '7 days' },
] as const;

const FILTER_TEXT: Readonly<Record<Filter, string>> = {
  all: 'All',
  exceptions: 'Exceptions',
  attempts: 'Attempts',
  sessions: 'Sessions',
};

interface ReviewHeadProps extends ReviewScreenProps {
  /** Cards on show. */
  readonly shown: number;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onLeaveField: () => void;
}

export function ReviewHead({ state, actions, field, onLeaveField }: ReviewHeadProps) {
  const { found, reviewed, range, hours, completing, filter, text } = state;
  const items = found.kind === 'open' ? found.items : [];
  const allReviewed = found.kind === 'open' && reviewed.size === items.length;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && text.trim() !== '') actions.onSearch(text);
    else if (event.key === 'ArrowDown') onLeaveField();
    else if (event.key === 'Escape') {
      actions.show({ text: '' });
      onLeaveField();
    } else return;
    event.preventDefault();
  };
  return (
    <div className={styles['heads']}>
      <div className={styles['head']}>
        <div className={styles['summary']}>
          <h2>Review</h2>
          <p className={styles['dim']}>{range.toMs === 0 ? '' : rangeText(range)}</p>
        </div>
        <div className={styles['ranges']} role="group" aria-label="Time range">
          {RANGES.map((each) => (
            <button
              key={each.hours}
              type="button"
              className={styles['range']}
              aria-pressed={each.hours === hours}
              onClick={() => void actions.open(each.hours)}
            >
              {each.text}
            </button>
          ))}
        </div>
        {found.kind === 'open' && <Elapsed sinceMs={found.openedAtMs} />}
        <Button
          kind={allReviewed ? 'primary' : 'plain'}
          onClick={() => void actions.complete()}
          disabled={found.kind !== 'open' || completing}
          chord="c"
        >
          {completing ? 'Completing…' : completeText(items, state)}
        </Button>
      </div>
      {found.kind === 'open' && <Numbers summary={found.summary} />}
      <div className={styles['filters']}>
        <div className={styles['ranges']} role="group" aria-label="What is shown">
          {FILTERS.map((each, index) => (
            <button
              key={each}
              type="button"
              className={styles['range']}
              aria-pressed={each === filter}
              onClick={() => actions.show({ filter: each })}
            >
              {FILTER_TEXT[each]} <b>{items.filter((item) => passes(item, each)).length}</b>{' '}
              <Key chord={String(index + 1)} />
            </button>
          ))}
        </div>
        <input
          ref={field}
          className={styles['field']}
          aria-label="Search the review"
          placeholder="Person, machine or command"
          spellCheck={false}
          value={text}
          onChange={({ target }) => actions.show({ text: target.value })}
          onKeyDown={onKeyDown}
          data-enter={
            text.trim() === ''
              ? 'does nothing: no words to search for'
              : `searches the commands of all sessions for “${text.trim()}”`
          }
        />
        {items.length > 0 && (
          <span className={styles['progress']}>
            <b>{reviewed.size}</b> of {items.length} reviewed
          </span>
        )}
      </div>
    </div>
  );
}

/** It is called clean only once everything was looked at. */
function completeText(items: readonly ReviewItem[], { reviewed, flagged }: ReviewState): string {
  const open = items.filter(({ id }) => !reviewed.has(id));
  const exceptions = open.filter(({ exception }) => exception).length;
  if (exceptions > 0) return `Complete: ${countText(exceptions, 'exception')} not looked at`;
  if (open.length > 0) return `Complete: ${open.length} not looked at`;
  return flagged.size > 0 ? 'Complete, to follow up' : 'Complete as clean';
}

/** The night in numbers; what deserves a look is warm, what there was none of is quiet. */
function Numbers({ summary }: { summary: NightSummary }) {
  return (
    <ul className={styles['numbers']} aria-label="The night in numbers">
      <Figure count={summary.attempts} what={plural(summary.attempts, 'aborted attempt')} isOdd />
      <Figure count={summary.sessions} what={plural(summary.sessions, 'session')} />
      <Figure count={summary.commands} what={plural(summary.commands, 'command')} />
      <Figure count={summary.failed} what="failed" isOdd />
      <Figure count={summary.untrusted} what="untrusted" isOdd />
      <Figure count={summary.pastes} what={`${plural(summary.pastes, 'paste')} stopped`} isOdd />
      <Figure count={summary.gaps} what={plural(summary.gaps, 'long outage')} isOdd />
      {summary.keys > 0 && (
        <Figure count={summary.keys} what={`${plural(summary.keys, 'key')} on two hosts`} isOdd />
      )}
    </ul>
  );
}

function Figure({ count, what, isOdd = false }: { count: number; what: string; isOdd?: boolean }) {
  return (
    <li className={styles['figure']} data-odd={isOdd && count > 0} data-none={count === 0}>
      <b>{count}</b> {what}
    </li>
  );
}

function plural(count: number, one: string): string {
  return countText(count, one).replace(/^\d+ /, '');
}

function Elapsed({ sinceMs }: { sinceMs: number }) {
  const now = useNow(1000);
  return (
    <span className={styles['elapsed']} aria-hidden="true">
      {now - sinceMs < 10_000
        ? `${Math.max(0, Math.floor((now - sinceMs) / 1000))} s`
        : durationText(Math.floor((now - sinceMs) / 1000) * 1000)}
    </span>
  );
}

function rangeText({ fromMs, toMs }: ReviewState['range']): string {
  const today = dayText(toMs);
  return `${dayText(fromMs)} ${clockText(fromMs)} – ${dayText(fromMs) === today ? '' : `${today} `}${clockText(toMs)}`;
}
