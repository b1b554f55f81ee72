import { useEffect, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { durationText } from '../../design/time-text.ts';
import { VisibleText } from '../../design/visible-text.tsx';
import type { Mark } from './player-screen.tsx';
import styles from './player-screen.module.css';
import type { OutputSearch } from './use-output-search.ts';

interface PlayerListProps {
  readonly marks: readonly Mark[];
  readonly search: OutputSearch;
  readonly positionMs: number;
  readonly onSeek: (positionMs: number) => void;
}

/** The words of a recording: its commands, and lines of its output that hold what is looked for. */
export function PlayerList({ marks, search, positionMs, onSeek }: PlayerListProps) {
  const { field, query, hits, onQuery } = search;
  const [choice, setChoice] = useState({ query: '', at: 0 });
  const searching = query.trim() !== '';
  const wanted = query.trim().toLowerCase();
  const commands = marks.filter(({ command }) => command.line.toLowerCase().includes(wanted));
  const lines = searching ? (hits ?? []) : [];
  const targets = [
    ...commands.map(({ command, atMs }) => ({ id: markId(command.commandId), atMs })),
    ...lines.map(({ number, atMs }) => ({ id: lineId(number), atMs })),
  ];
  // Another query begins with its first result.
  const chosen = choice.query === query ? targets[choice.at] : targets[0];
  const now = marks.findLastIndex(({ atMs }) => atMs <= positionMs);
  const current = marks[now]?.command.commandId ?? '';
  const shownId = searching ? chosen?.id : markId(current);
  useEffect(() => {
    if (shownId !== undefined) document.getElementById(shownId)?.scrollIntoView({ block: 'nearest' });
  }, [shownId]);

  const leave = () => field.current?.blur();
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      const at = Math.max(0, targets.findIndex(({ id }) => id === chosen?.id) + step);
      setChoice({ query, at: Math.min(targets.length - 1, at) });
    } else if (event.key === 'Enter' && chosen !== undefined) onSeek(chosen.atMs);
    else if (event.key === 'Escape') {
      onQuery('');
      leave();
    } else return;
    event.preventDefault();
  };

  return (
    <div className={styles['column']}>
      <input
        ref={field}
        className={styles['search']}
        aria-label="Search commands and output"
        placeholder="/ search commands and output"
        spellCheck={false}
        value={query}
        onChange={({ target }) => onQuery(target.value)}
        onKeyDown={onKeyDown}
        data-enter={
          chosen !== undefined
            ? `goes to ${durationText(chosen.atMs)} of the recording`
            : 'does nothing: nothing is chosen'
        }
      />
      <div className={styles['lists']}>
        <ol aria-label="Commands">
          {commands.map(({ command, atMs }) => (
            <li key={command.commandId}>
              <button
                type="button"
                className={styles['command']}
                aria-current={command.commandId === current}
                id={markId(command.commandId)}
                data-chosen={searching && markId(command.commandId) === chosen?.id}
                onClick={() => onSeek(atMs)}
                tabIndex={-1}
              >
                <VisibleText text={command.line} />
                <span data-failed={command.exitCode !== null && command.exitCode !== 0}>
                  {command.exitCode === null ? '–' : `exit ${command.exitCode}`}
                </span>
              </button>
            </li>
          ))}
        </ol>
        {searching && (
          <>
            <h3 className={styles['group']} role="status">
              {hits === null ? 'Looking through the output…' : lineCount(hits.length)}
            </h3>
            <ol aria-label="Lines of output">
              {lines.map(({ line, atMs, number }) => (
                <li key={number}>
                  <button
                    type="button"
                    className={styles['command']}
                    id={lineId(number)}
                    data-chosen={lineId(number) === chosen?.id}
                    onClick={() => onSeek(atMs)}
                    tabIndex={-1}
                  >
                    <code>{line}</code>
                    <span>{durationText(atMs)}</span>
                  </button>
                </li>
              ))}
            </ol>
          </>
        )}
      </div>
    </div>
  );
}

function markId(commandId: string): string {
  return `mark-${commandId}`;
}

function lineId(number: number): string {
  return `line-${number}`;
}

function lineCount(count: number): string {
  if (count === 0) return 'Nowhere in the output';
  return count >= 200
    ? 'The first 200 lines of output'
    : `${count} ${count === 1 ? 'line' : 'lines'} of output`;
}
