import type { KnownWorkspace } from '#contract/window-state.ts';
import { ClientName } from '../../design/client-name.tsx';
import { frameStyle } from '../../design/frame-colours.ts';
import { FrameMark } from '../../design/frame-mark.tsx';
import { Key } from '../../design/key.tsx';
import { StateDot } from '../../design/state-dot.tsx';
import { agoText } from '../../design/time-text.ts';
import { useNow } from '../../design/use-now.ts';
import styles from './launcher-screen.module.css';

const STATE_TEXT = { open: 'Open', signed_out: 'Window open, signed out' } as const;
const STATE_DOT = { open: 'good', signed_out: 'half' } as const;

/** One client of the launcher's list: its frame, its look-alikes, its window, its review. */
export function ClientRow({
  row,
  chosen,
  switching,
  leaving,
  onOpen,
}: {
  row: KnownWorkspace;
  chosen: boolean;
  switching: boolean;
  leaving: boolean;
  onOpen: () => void;
}) {
  return (
    // The field above keeps the focus and has the keys; a pointer may choose as well.
    <li
      id={`client-${row.orgId}`}
      className={styles['row']}
      role="option"
      aria-selected={chosen}
      style={frameStyle(row.frame.colour)}
      onClick={onOpen}
    >
      <FrameMark frame={row.frame} />
      <span className={styles['name']} data-alike={row.lookAlikes.length > 0}>
        <ClientName frame={row.frame} />
        {row.lookAlikes.length > 0 && (
          <span className={styles['alike']}>not {row.lookAlikes.slice(0, 4).join(', ')}</span>
        )}
      </span>
      {leaving ? <Leaving /> : <StateAndTime row={row} switching={switching} />}
    </li>
  );
}

function Leaving() {
  return (
    <span className={styles['leave']} role="alert">
      Remove from this computer? <Key chord="Enter" /> removes, <Key chord="Escape" /> keeps
    </span>
  );
}

function StateAndTime({ row, switching }: { row: KnownWorkspace; switching: boolean }) {
  const now = useNow(30_000);
  return (
    <>
      <span className={styles['state']}>
        {row.state !== 'closed' && (
          <>
            {row.windowNumber !== null && <Key chord={`Alt+${row.windowNumber}`} />}
            <StateDot state={STATE_DOT[row.state]} />
            {switching && row.state === 'open' ? 'Open · sign-in asked again' : STATE_TEXT[row.state]}
          </>
        )}
      </span>
      <span className={styles['ago']}>
        {row.review !== null && (
          <span className={styles['review']} data-due={row.review === 'due'}>
            {row.review === 'due' ? 'To review' : 'Reviewed'}
          </span>
        )}
        {row.lastOpenedAt === null ? 'never opened' : `opened ${agoText(row.lastOpenedAt, now)}`}
      </span>
    </>
  );
}
