import type { SessionRow } from '#protocol/records.ts';
import { Button } from '../../design/button.tsx';
import { agoText } from '../../design/time-text.ts';
import { useNow } from '../../design/use-now.ts';
import styles from './running-sessions.module.css';

/** Sessions that ran on while this console was away. Shown; taken up again only when asked. */
export function RunningSessions({
  running,
  onResume,
}: {
  running: readonly SessionRow[];
  onResume: (session: SessionRow) => void;
}) {
  const now = useNow(30_000);
  return (
    <ul className={styles['running']} aria-label="Sessions still running">
      {running.map((session, index) => (
        <li key={session.sessionId} className={styles['row']}>
          <span>
            Your session on <b>{session.machineName}</b> still runs, started {agoText(session.startedAt, now)}
          </span>
          <Button onClick={() => onResume(session)} {...(index === 0 ? { action: 'takeUp' as const } : {})}>
            Take up again
          </Button>
        </li>
      ))}
    </ul>
  );
}
