import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { Button } from '../../design/button.tsx';
import { KeyHints } from '../../design/key-hints.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { clockText, countText, dayText } from '../../design/time-text.ts';
import { VisibleText } from '../../design/visible-text.tsx';
import type { CommandSearch } from './command-search.ts';
import styles from './command-search-screen.module.css';

interface CommandSearchScreenProps {
  readonly search: CommandSearch;
  readonly active: boolean;
  readonly hint: string | null;
  readonly onPlay: () => void;
}

/** Commands of all sessions that hold the words, newest first; playback begins with the one chosen. */
export function CommandSearchScreen({ search, active, hint, onPlay }: CommandSearchScreenProps) {
  const { query, found, chosen } = useStore(search.store);
  const list = useRef<HTMLOListElement>(null);
  const hits = found.kind === 'hits' ? found.hits : [];
  const hit = hits[chosen];
  useKeys(
    {
      reviewDown: () => search.choose(chosen + 1),
      reviewUp: () => search.choose(chosen - 1),
      reviewOpen: {
        does: hit === undefined ? null : `plays the recording on ${hit.machineName} from this command`,
        run: onPlay,
      },
      reviewPlay: onPlay,
      playerClose: search.close,
    },
    active,
  );
  useEffect(() => {
    if (active) list.current?.focus({ preventScroll: true });
  }, [active]);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <section className={styles['search']} aria-label="Commands of all sessions">
      <div className={styles['head']}>
        <div className={styles['title']}>
          <h2>
            Commands with <q>{query}</q>
          </h2>
          <p className={styles['dim']} role="status">
            {found.kind === 'loading' && 'Searching all sessions of this client…'}
            {found.kind === 'failed' && found.text}
            {found.kind === 'hits' &&
              (hits.length === 0
                ? 'No session of this client ran one.'
                : `${found.more ? 'The newest ' : ''}${countText(hits.length, 'command')}, in all sessions of this client`)}
            {hint !== null && ` · ${hint}`}
          </p>
        </div>
        <Button kind="quiet" onClick={search.close} chord="Escape">
          Back to the review
        </Button>
      </div>
      <ol
        ref={list}
        className={styles['hits']}
        role="listbox"
        aria-label="Commands found"
        aria-activedescendant={hits.length === 0 ? undefined : `hit-${chosen}`}
        tabIndex={0}
      >
        {hits.map(({ sessionId, machineName, technician, command }, index) => (
          <li
            key={`${sessionId} ${command.commandId}`}
            id={`hit-${index}`}
            role="option"
            aria-selected={index === chosen}
            className={styles['hit']}
            onClick={() => {
              search.choose(index);
              onPlay();
            }}
          >
            <span className={styles['dim']}>
              {dayText(command.startedAt)} {clockText(command.startedAt, true)}
            </span>
            <VisibleText text={command.line} />
            <span className={styles['where']}>{machineName}</span>
            <span className={styles['dim']}>{technician.name}</span>
            <span
              className={styles['exit']}
              data-failed={command.exitCode !== null && command.exitCode !== 0}
            >
              {command.exitCode === null ? 'no exit code' : `exit ${command.exitCode}`}
            </span>
          </li>
        ))}
      </ol>
      <KeyHints
        hints={[
          { chords: ['j', 'k'], does: 'choose' },
          { chords: ['p'], does: 'play from this command' },
          { chords: ['Escape'], does: 'back' },
        ]}
      />
    </section>
  );
}
