import type { Runbook } from '#protocol/records.ts';
import { fillSteps } from '#protocol/runbook/fill-steps.ts';
import type { FilledSteps } from '#protocol/runbook/fill-steps.ts';
import { valueProblem } from '#protocol/runbook/runbook-parameter.ts';
import type { RunbookValues } from '#protocol/runbook/runbook-parameter.ts';
import type { ShellKind } from '#protocol/runbook/shell-quote.ts';

/** What stands in the fields at first. */
export function firstValues({ parameters }: Pick<Runbook, 'parameters'>): RunbookValues {
  return Object.fromEntries(parameters.map(({ name, default: first }) => [name, first ?? '']));
}

/** What would be typed, as the relay fills it in. @param shell null: how it quotes is not known */
export function prepareRun(runbook: Runbook, values: RunbookValues, shell: ShellKind | null): FilledSteps {
  if (shell !== null || runbook.parameters.length === 0) return fillSteps(runbook, values, shell ?? 'posix');
  const { problems } = fillSteps(runbook, values, 'posix');
  return {
    problems,
    lines: runbook.steps.map((text) => [{ text, of: 'template' }]),
  };
}

/** A field that nobody has filled in yet is not wrong yet. */
export function shownProblem(
  parameter: Runbook['parameters'][number],
  value: string,
  problem: string | undefined,
): string | null {
  return value === '' && valueProblem(parameter, value) !== null ? null : (problem ?? null);
}
