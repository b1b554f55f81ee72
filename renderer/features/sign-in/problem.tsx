import { ProblemText } from '../../design/problem-text.tsx';
import type { Problem } from './sign-in-store.ts';

export function problemOf(problem: Problem | null, field: Problem['field']): string | null {
  return problem?.field === field ? problem.text : null;
}

/** What is wrong, unless it is said beside the field that is shown. */
export function OtherProblem({
  problem,
  shown,
}: {
  problem: Problem | null;
  shown: Problem['field'] | null;
}) {
  if (problem === null || problem.field === shown) return null;
  return <ProblemText>{problem.text}</ProblemText>;
}
