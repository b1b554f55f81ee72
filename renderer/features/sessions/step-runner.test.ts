import { describe, expect, it } from 'vitest';
import { CommandRecord } from '#protocol/records.ts';
import { StepRunner } from './step-runner.ts';
import type { RunState } from './step-runner.ts';

const command = (number: number, line: string, exitCode: number | null, finished = true): CommandRecord =>
  CommandRecord.parse({
    commandId: `cmd_${String(number).padStart(26, '0')}`,
    line,
    cwd: '/',
    startedAt: number,
    finishedAt: finished ? number + 1 : null,
    durationMs: finished ? 1 : null,
    exitCode,
    source: 'runbook',
    trusted: true,
    outputOffsetBytes: 0,
  });

function runner(steps: readonly string[]) {
  const typed: string[] = [];
  const states: RunState[] = [];
  const made = new StepRunner(
    { title: 'Fix', steps: [...steps] },
    (line) => typed.push(line),
    (state) => states.push(state),
  );
  made.start();
  return { typed, last: () => states.at(-1), heard: (record: CommandRecord) => made.heard(record), made };
}

describe('StepRunner', () => {
  it('types the next step only after the one before has ended', () => {
    const { typed, heard, last } = runner(['stop', 'start']);
    expect(typed).toEqual(['stop']);
    heard(command(1, 'stop', null, false));
    expect(typed).toEqual(['stop']);
    heard(command(1, 'stop', 0));
    expect(typed).toEqual(['stop', 'start']);
    heard(command(1, 'stop', 0));
    heard(command(2, 'start', 0));
    expect(last()).toMatchObject({ state: 'done', exitCodes: [0, 0] });
  });

  it('stops at a step that fails', () => {
    const { typed, heard, last } = runner(['stop', 'rm everything']);
    heard(command(1, 'stop', 1));
    expect(typed).toEqual(['stop']);
    expect(last()).toMatchObject({ state: 'failed', exitCodes: [1] });
  });

  it('takes no other command for its step, not even the same line of before', () => {
    const { typed, heard } = runner(['status', 'start', 'status']);
    heard(command(1, 'something typed by hand', 0));
    expect(typed).toEqual(['status']);
    heard(command(2, 'status', 0));
    heard(command(3, 'start', 0));
    heard(command(2, 'status', 0));
    expect(typed).toEqual(['status', 'start', 'status']);
  });

  it('types nothing more once stopped, and still says how the step under way ended', () => {
    const { typed, heard, made, last } = runner(['stop', 'start']);
    made.stop();
    heard(command(1, 'stop', 0));
    expect(typed).toEqual(['stop']);
    expect(last()).toMatchObject({ state: 'stopped', typed: 1, exitCodes: [0] });
  });
});
