import type { VerbResult } from '#protocol/control/verbs.ts';
import { Button } from '../../design/button.tsx';
import { ClientName } from '../../design/client-name.tsx';
import { countText, durationText } from '../../design/time-text.ts';
import styles from './review-screen.module.css';
import type { ReviewScreenProps } from './review-screen.tsx';

/** The review is over and recorded. The launcher knows which client is next; this window must not. */
export function ReviewCompleted({
  completed,
  frame,
  state,
  actions,
}: ReviewScreenProps & { completed: VerbResult<'review.complete'> }) {
  return (
    <div className={styles['completed']} role="status">
      <h2>
        Review of <ClientName frame={frame} /> completed in {durationText(completed.durationMs)}
      </h2>
      <p className={styles['dim']}>
        {countText(completed.sessions, 'session')}, {countText(completed.exceptions, 'exception')}, as the
        relay counted. Recorded: you looked at all of it, and flagged{' '}
        {state.flagged.size === 0 ? 'nothing' : `${state.flagged.size} for follow-up`}.
      </p>
      <div className={styles['completedActions']}>
        <Button kind="primary" onClick={actions.onNextClient} chord="Enter" autoFocus>
          Next client
        </Button>
        <Button onClick={() => void actions.open()}>Review again</Button>
      </div>
    </div>
  );
}
