// Parameters of a runbook as lines of text: `name: what it is`, and below it, two spaces in, what holds for it.
import { RunbookParameter } from '#protocol/runbook/runbook-parameter.ts';

type ReadParameters =
  | { readonly ok: true; readonly parameters: RunbookParameter[] }
  | { readonly ok: false; readonly why: string };

const HEAD = /^(\S+):(?: (.*))?$/;
const RULE = /^ {2}(default|one of|matching): (.*)$/;

export function writeParameters(parameters: readonly RunbookParameter[]): string[] {
  return parameters.flatMap(({ name, description, default: first, required, takes }) => [
    description === '' ? `${name}:` : `${name}: ${description}`,
    ...(first === null ? [] : [`  default: ${first}`]),
    ...(takes.kind === 'one_of' ? takes.values.map((value) => `  one of: ${value}`) : []),
    ...(takes.kind === 'matching' ? [`  matching: ${takes.pattern}`] : []),
    ...(required ? [] : ['  optional']),
  ]);
}

export function readParameters(lines: readonly string[]): ReadParameters {
  const groups: { head: string; rules: string[] }[] = [];
  for (const line of lines) {
    if (!line.startsWith(' ')) groups.push({ head: line, rules: [] });
    else if (groups.length === 0) return { ok: false, why: `“${line.trim()}” belongs to no parameter.` };
    else groups.at(-1)?.rules.push(line);
  }
  const parameters: RunbookParameter[] = [];
  for (const { head, rules } of groups) {
    const read = readOne(head, rules);
    if (typeof read === 'string') return { ok: false, why: read };
    parameters.push(read);
  }
  return { ok: true, parameters };
}

/** @returns why it is none */
function readOne(head: string, rules: readonly string[]): RunbookParameter | string {
  const [, name, description = ''] = HEAD.exec(head) ?? [];
  if (name === undefined) return `“${head}” is no parameter: write “name: what it is”.`;
  let first: string | null = null;
  let pattern: string | null = null;
  let required = true;
  const values: string[] = [];
  for (const rule of rules) {
    const [, kind, value = ''] = RULE.exec(rule) ?? [];
    if (kind === 'default') first = value;
    else if (kind === 'one of') values.push(value);
    else if (kind === 'matching') pattern = value;
    else if (rule.trim() === 'optional') required = false;
    else return `“${rule.trim()}” of “${name}” is none of default, one of, matching, optional.`;
  }
  if (pattern !== null && values.length > 0) return `“${name}” has both a pattern and a list.`;
  const takes =
    pattern !== null
      ? { kind: 'matching', pattern }
      : values.length > 0
        ? { kind: 'one_of', values }
        : { kind: 'any' };
  const read = RunbookParameter.safeParse({ name, description, default: first, required, takes });
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  if (issue?.path[0] === 'name') return `“${name}” is no name: small letters, digits and _, up to 32.`;
  if (issue?.path[0] === 'takes' && pattern !== null)
    return `The pattern of “${name}” has groups, alternatives or something else that patterns here do not know.`;
  return issue?.path.length === 0
    ? `“${name}”: ${issue.message}`
    : `“${name}”: a line is too long, or holds characters that cannot be seen.`;
}
