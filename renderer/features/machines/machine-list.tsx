import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef } from 'react';
import type { MachineId } from '#protocol/ids.ts';
import type { MachineRow } from '#protocol/records.ts';
import { StateDot } from '../../design/state-dot.tsx';
import { agoText } from '../../design/time-text.ts';
import { useNow } from '../../design/use-now.ts';
import type { RowRange } from './machine-directory.ts';
import { MachineName } from './machine-name.tsx';
import styles from './machine-list.module.css';
import type { ShownRows } from './machines-state.ts';
import { apartFrom, slipIn } from './tell-apart.ts';
import type { Span } from './tell-apart.ts';

interface MachineListProps {
  readonly rows: ShownRows;
  /** Found beyond what is listed; null: nothing. */
  readonly more: string | null;
  readonly query: string;
  readonly chosen: number;
  /** A card stands beside the list: rows take two lines. */
  readonly narrow: boolean;
  readonly onLook: (range: RowRange) => void;
  readonly onOpen: (index: number, machineId: MachineId) => void;
}

const ROW_HEIGHT = 36;
const NARROW_ROW_HEIGHT = 62;
const OVERSCAN = 4;

/** Rows on the screen and a few around them, of however many there are. */
export function MachineList({ rows, more, query, chosen, narrow, onLook, onOpen }: MachineListProps) {
  const now = useNow(30_000);
  const scroll = useRef<HTMLDivElement>(null);
  const height = narrow ? NARROW_ROW_HEIGHT : ROW_HEIGHT;
  // oxlint-disable-next-line react/incompatible-library -- it tells of a compiler that is not used here
  const virtual = useVirtualizer({
    count: rows.total,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    overscan: OVERSCAN,
    // Until the list is measured.
    initialRect: { width: 800, height: 700 },
  });
  useEffect(() => virtual.measure(), [virtual, height]);
  useEffect(() => {
    if (chosen >= 0 && chosen < rows.total) virtual.scrollToIndex(chosen, { align: 'auto' });
  }, [virtual, chosen, rows.total, height]);
  const items = virtual.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const to = (items.at(-1)?.index ?? 0) + 1;
  useEffect(() => onLook({ from, to }), [onLook, from, to]);

  return (
    // Within reach of Tab, so that whoever has no wheel can scroll it as well.
    <div ref={scroll} className={styles['scroll']} tabIndex={0}>
      <ul
        id="machine-list"
        role="listbox"
        aria-label={rows.close ? 'Machines close in spelling' : 'Machines'}
        className={styles['list']}
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map(({ index, start }) => {
          const row = rows.at(index);
          return (
            // Keys go to the search field; a pointer may open as well.
            <li
              // By place: other results are other text in the rows that stand, not other rows.
              key={index}
              id={`machine-${index}`}
              className={styles['row']}
              data-narrow={narrow}
              style={{ height, transform: `translateY(${start}px)` }}
              role="option"
              aria-selected={index === chosen}
              aria-setsize={rows.total}
              aria-posinset={index + 1}
              onClick={() => {
                if (row !== undefined) onOpen(index, row.machineId);
              }}
            >
              {row === undefined ? (
                <span className={styles['coming']} aria-label="Loading" />
              ) : (
                <Row row={row} query={query} now={now} apart={apartOf(rows, index, row, query)} />
              )}
            </li>
          );
        })}
      </ul>
      {more !== null && <p className={styles['more']}>{more}</p>}
    </div>
  );
}

/** Drawn anew only where something of it changed: a key of the search changes most lists twice. */
const Row = memo(
  DrawnRow,
  (a, b) =>
    a.row === b.row &&
    a.query === b.query &&
    a.now === b.now &&
    a.apart?.from === b.apart?.from &&
    a.apart?.to === b.apart?.to,
);

function DrawnRow({
  row,
  query,
  now,
  apart,
}: {
  row: MachineRow;
  query: string;
  now: number;
  apart: Span | null;
}) {
  return (
    <>
      <StateDot state={row.online ? 'good' : 'off'} />
      <span className={styles['name']} title={row.name}>
        <MachineName text={row.name} query={query} apart={apart} />
      </span>
      <span className={styles['hostname']} title={row.hostname}>
        <MachineName text={row.hostname} query={query} />
      </span>
      <span className={styles['os']}>
        <bdi>{row.os}</bdi>
      </span>
      <span className={styles['seen']}>{seenText(row, now)}</span>
    </>
  );
}

/** What tells this machine from the one above or below it, or from what was typed. */
function apartOf(rows: ShownRows, index: number, { name }: MachineRow, query: string): Span | null {
  if (rows.close) return slipIn(name, query);
  for (const other of [rows.at(index - 1), rows.at(index + 1)]) {
    const apart = other === undefined ? null : apartFrom(name, other.name);
    if (apart !== null) return apart;
  }
  return null;
}

function seenText({ online, lastSeenAt }: MachineRow, now: number): string {
  if (online) return 'online';
  return lastSeenAt === null ? 'never seen' : `seen ${agoText(lastSeenAt, now)}`;
}
