import { useEffect, useRef } from 'react';
import type { MachineId } from '#protocol/ids.ts';
import type { MachineRow } from '#protocol/records.ts';
import { StateDot } from '../../design/state-dot.tsx';
import { agoText } from '../../design/time-text.ts';
import { useNow } from '../../design/use-now.ts';
import styles from './machine-list.module.css';

interface MachineListProps {
  readonly rows: readonly MachineRow[];
  readonly total: number;
  readonly query: string;
  readonly chosen: number;
  readonly onOpen: (index: number, machineId: MachineId) => void;
}

export function MachineList({ rows, total, query, chosen, onOpen }: MachineListProps) {
  const now = useNow(30_000);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div className={styles['scroll']}>
      <ul ref={list} id="machine-list" role="listbox" aria-label="Machines">
        {rows.map((row, index) => (
          // Keys go to the search field; a pointer may open as well.
          <li
            key={row.machineId}
            id={`machine-${index}`}
            className={styles['row']}
            role="option"
            aria-selected={index === chosen}
            onClick={() => onOpen(index, row.machineId)}
          >
            <StateDot state={row.online ? 'good' : 'off'} />
            <span className={styles['name']}>
              <Marked text={row.name} query={query} />
            </span>
            <span className={styles['hostname']}>
              <Marked text={row.hostname} query={query} />
            </span>
            <span className={styles['os']}>{row.os}</span>
            <span className={styles['seen']}>{seenText(row, now)}</span>
          </li>
        ))}
      </ul>
      {total > rows.length && (
        <p className={styles['more']}>{total - rows.length} more. Type on to narrow the list.</p>
      )}
    </div>
  );
}

function seenText({ online, lastSeenAt }: MachineRow, now: number): string {
  if (online) return 'online';
  return lastSeenAt === null ? 'never seen' : `seen ${agoText(lastSeenAt, now)}`;
}

/** Where the query stands in the text, if it does: the relay may have matched otherwise. */
function Marked({ text, query }: { text: string; query: string }) {
  const at = query.trim() === '' ? -1 : text.toLowerCase().indexOf(query.trim().toLowerCase());
  if (at < 0) return text;
  const end = at + query.trim().length;
  return (
    <>
      {text.slice(0, at)}
      <mark className={styles['mark']}>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </>
  );
}
