import type { RunningSession } from '#protocol/records.ts';
import { Button } from '../../design/button.tsx';
import { useKeys } from '../../design/keys/use-keys.ts';
import { StateDot } from '../../design/state-dot.tsx';
import { agoText } from '../../design/time-text.ts';
import { useWhileSeen } from '../../design/use-while-seen.ts';
import styles from './machine-card-panel.module.css';

const READ_EVERY_MS = 5000;

/** Sessions that run on the machine of the card now, and whose keyboard each is. The keys are for the first of them. */
export function CardSessions({
  running,
  now,
  active,
  mayType,
  onJoin,
  onRead,
}: {
  running: readonly RunningSession[];
  now: number;
  active: boolean;
  mayType: boolean;
  onJoin: (session: RunningSession, take: boolean) => void;
  onRead: () => void;
}) {
  const others = running.filter(({ here }) => !here);
  const [first] = others;
  useWhileSeen(active ? READ_EVERY_MS : null, onRead);
  useKeys(
    {
      cardWatch: () => {
        if (first !== undefined) onJoin(first, false);
      },
      ...(mayType
        ? {
            cardTake: () => {
              if (first !== undefined) onJoin(first, true);
            },
          }
        : {}),
    },
    active && first !== undefined,
  );
  if (others.length === 0) return null;
  return (
    <>
      <h3 className={styles['heading']}>Running now</h3>
      <ul aria-label="Running sessions">
        {others.map((session) => (
          <li key={session.sessionId} className={styles['runs']}>
            <StateDot state={session.away ? 'waiting' : 'good'} />
            <span className={styles['who']}>
              <b>{session.typist.name}</b> {session.away ? 'had the keyboard and is away' : 'is typing'}
              <span className={styles['dim']}> · started {agoText(session.startedAt, now)}</span>
            </span>
            <Button
              kind="quiet"
              onClick={() => onJoin(session, false)}
              enter={`watches what ${session.typist.name} does on ${session.machineName}`}
              {...(session === first ? { chord: 'w' } : {})}
            >
              Watch
            </Button>
            {mayType && (
              <Button
                kind="quiet"
                onClick={() => onJoin(session, true)}
                enter={`takes the keyboard on ${session.machineName} from ${session.typist.name}`}
                {...(session === first ? { chord: 'Shift+T' } : {})}
              >
                Take over
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
