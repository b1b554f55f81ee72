import { Button } from '../../design/button.tsx';
import styles from './run-progress.module.css';
import type { RunState } from './step-runner.ts';

const STATE_TEXT: Readonly<Record<RunState['state'], string>> = {
  running: 'Running',
  done: 'Done',
  failed: 'Stopped: a step failed',
  stopped: 'Stopped',
};

/** What a runbook has done in this session, step by step. */
export function RunProgress({
  run,
  onEnd,
}: {
  run: RunState;
  /** Stops a run under way, puts away one that is over. */
  onEnd: () => void;
}) {
  const { title, steps, typed, exitCodes, state } = run;
  return (
    <section className={styles['run']} aria-label={`Runbook ${title}`}>
      <header className={styles['head']}>
        <b>{title}</b>
        <span role="status" className={styles['state']} data-state={state}>
          {STATE_TEXT[state]} · {typed} of {steps.length}
        </span>
        <Button kind="quiet" onClick={onEnd} action="endRun">
          {state === 'running' ? 'Type no further step' : 'Dismiss'}
        </Button>
      </header>
      <ol className={styles['steps']} hidden={state === 'done'}>
        {numbered(steps).map(({ step, index }) => (
          <li key={index} data-step={stepState(run, index)} className={styles['step']}>
            <span className={styles['mark']} aria-hidden="true" />
            <code>{step}</code>
            <span className={styles['exit']}>{exitText(exitCodes, index)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The same line may stand twice: a step is known by its place. */
function numbered(steps: readonly string[]): { step: string; index: number }[] {
  return steps.map((step, index) => ({ step, index }));
}

function stepState({ exitCodes, typed }: RunState, index: number): 'done' | 'failed' | 'now' | 'later' {
  const exitCode = exitCodes[index];
  if (index < exitCodes.length) return exitCode === 0 || exitCode === null ? 'done' : 'failed';
  return index < typed ? 'now' : 'later';
}

function exitText(exitCodes: RunState['exitCodes'], index: number): string {
  const exitCode = exitCodes[index];
  return exitCode === undefined ? '' : `exit ${exitCode ?? 'unknown'}`;
}
