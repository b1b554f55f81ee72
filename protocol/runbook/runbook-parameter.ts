// What a person fills in before a runbook runs. There are no secret ones: what is typed is recorded as a command
// (docs/decisions/0040-values-of-a-runbook.md).
import { z } from 'zod';
import { hasHidden } from '../plain-text.ts';
import { isValuePattern, matchesPattern } from './value-pattern.ts';

export const VALUE_MAX = 200;

/** One line without anything hidden and without space around it: it reads the same wherever it stands. */
const Line = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((text) => !hidesSomething(text) && text.trim() === text);
const Value = Line(VALUE_MAX).min(1);

export const ParameterName = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/);

/** As it was saved once: the rules for new ones may be stricter by now. */
export const StoredParameter = z.object({
  name: z.string(),
  description: z.string(),
  /** What stands in the field at first; null: nothing. */
  default: z.string().nullable(),
  required: z.boolean(),
  takes: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('any') }),
    z.object({ kind: z.literal('one_of'), values: z.array(z.string()) }),
    z.object({ kind: z.literal('matching'), pattern: z.string() }),
  ]),
});
export type RunbookParameter = z.infer<typeof StoredParameter>;

const Declared = StoredParameter.extend({
  name: ParameterName,
  description: Line(200),
  default: Value.nullable(),
  takes: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('any') }),
    z.object({ kind: z.literal('one_of'), values: z.array(Value).min(1).max(50) }),
    z.object({ kind: z.literal('matching'), pattern: Value.refine(isValuePattern) }),
  ]),
});

export const RunbookParameter = Declared.refine(
  (parameter) => parameter.default === null || valueProblem(parameter, parameter.default) === null,
  { error: 'The default is none of the values that are taken.' },
);

export type RunbookValues = Readonly<Record<string, string>>;

type Takes = Pick<RunbookParameter, 'required' | 'takes'>;

/** Why the value is not taken, for the person who typed it; null: it is. */
export function valueProblem({ required, takes }: Takes, value: string): string | null {
  if (value === '') return required ? 'This one is needed.' : null;
  if (value.length > VALUE_MAX) return `It is longer than ${VALUE_MAX} characters.`;
  if (hidesSomething(value))
    return 'It holds a line break, a control character, or one that cannot be seen or turns text around. Type it by hand.';
  switch (takes.kind) {
    case 'one_of':
      return takes.values.includes(value) ? null : `One of these: ${takes.values.join(', ')}.`;
    case 'matching':
      return matchesPattern(takes.pattern, value) ? null : `It has to look like ${takes.pattern}`;
    case 'any':
      return value.startsWith('-')
        ? 'It begins with “-”: a program takes that for one of its options. Only a listed value or one with a pattern may.'
        : null;
  }
}

/** White space is plain as U+0020 alone. */
function hidesSomething(text: string): boolean {
  return hasHidden(text) || /[^\S ]/u.test(text);
}
