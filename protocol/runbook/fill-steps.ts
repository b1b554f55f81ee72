// Puts values into the steps of a runbook: `{{name}}` becomes one quoted word. Where a quoted word would not be a
// mere word (inside other quotes, in arithmetic, as the name of a command) a template has no place for a value.
import { quoteFor } from './shell-quote.ts';
import type { ShellKind } from './shell-quote.ts';
import { valueProblem } from './runbook-parameter.ts';
import type { RunbookParameter, RunbookValues } from './runbook-parameter.ts';

export interface RunbookTemplate {
  readonly steps: readonly string[];
  readonly parameters: readonly RunbookParameter[];
}

/** A piece of a line: of the template, or what stands in place of a parameter. */
export interface LinePart {
  readonly text: string;
  readonly of: 'template' | 'value' | 'missing';
}

export interface FilledSteps {
  /** Of each step in order; joined they are the line. */
  readonly lines: readonly (readonly LinePart[])[];
  /** By parameter; empty: the lines may be typed. */
  readonly problems: Readonly<Record<string, string>>;
}

/** A shell's line of more than this is cut by some of them. */
export const LINE_MAX = 4000;
const PLACE = /\{\{([a-z][a-z0-9_]{0,31})\}\}/g;
/** Quotes that are closed again and hold no escape of a quote, nor anything else that could be read in two ways. */
const CLOSED = /^(?:[^'"\\`#]|'(?:[^'"\\`]|\\\w)*'|"(?:[^'"\\`]|\\\w)*")*$/u;
/** Arithmetic, conditions and here-documents: a shell runs what stands in the index of a name that it looks up there. */
const NOT_A_WORD =
  /\(\(|\$[[{]|\[\[|(?<!<)<<(?!<)|(?:\[|\btest)\s(?:[^;|&]*\s)?-(?:v|R|t|eq|ne|[lg][te])\s+$/;
/** A place that one of these follows is a number to a shell, and zsh looks names up in numbers. */
const AS_NUMBER = /^\s+-(?:eq|ne|[lg][te])\s/;
const PIECES = String.raw`(?:[^\s'"=]|'[^']*'|"[^"]*")`;
/** What may stand between a word that a command follows and the command: options with a word, numbers, variables. */
const BETWEEN = String.raw`(?:(?:-\S*\s+(?:(?<=[aCdDEgIkpRrsStTuU]\s+)(?![\d-])${PIECES}+\s+)?|\d\S*\s+|\w+=(?:${PIECES}|=)*\s+))*`;
/** At the start, after what separates commands, and after words that a command follows; or a variable there. */
const COMMAND_IS_NEXT = new RegExp(
  String.raw`(?:^|[;|&({!]|(?:^|[\s;|&({!/])(?:${[
    'then|do|else|elif|if|while|until|and|or|not|begin|time|coproc',
    'sudo|doas|env|exec|command|builtin|nohup|nice|setsid|timeout|xargs|-exec(?:dir)?|-ok(?:dir)?',
  ].join('|')})\s)\s*${BETWEEN}(?:\w+=)?$`,
);
/** Commands that read their words as code once more, or as names and numbers whose index is code. */
const READ_AGAIN = new RegExp(
  String.raw`(?:^|[\s;|&({/])(?:${[
    'eval|let|trap|source|alias|abbr|bind|bindkey|complete|compgen|fc|watch|parallel|iex|invoke-expression',
    'declare|typeset|local|readonly|export|integer|float|read|readarray|mapfile|getopts|unset|vared|set',
    'printf\\s+-v|return|exit|logout|shift|break|continue|wait',
    '(?:ba|z|fi|da|k|c|tc|s)?sh|pwsh|powershell|cmd(?:\\.exe)?|su',
  ].join('|')})\s|(?:^|[;|&({!]|\b(?:then|do|else|builtin|command)\s)\s*\.\s`,
  'i',
);
/** Formats are the template's, and of words alone: zsh works out what stands for a number. */
const FORMAT = /\bprintf(?:\s+$|\s.*%(?!-?\d*[sq%]))|\bprint\s.*-\w*[fP]/;

/** Why these steps cannot be filled in; null: they can. */
export function templateProblem({ steps, parameters }: RunbookTemplate): string | null {
  const names = parameters.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `The parameter “${twice}” is declared twice.`;
  if (names.length === 0) return null;
  const used = new Set<string>();
  for (const [index, step] of steps.entries()) {
    for (const { 0: place, 1: name = '', index: at } of step.matchAll(PLACE)) {
      if (!names.includes(name)) return `Step ${index + 1} uses “${name}”, which is not declared.`;
      const before = step.slice(0, at).replaceAll(PLACE, 'x');
      const after = step.slice(at + place.length);
      if (!isWord(before, after))
        return `Step ${index + 1}: ${place} has to stand by itself or after “=”, outside quotes, not in place of a command or in a variable, and not for what reads it as code, a name or a number (eval, ssh, another shell, read, declare, [[, test -v).`;
      used.add(name);
    }
  }
  const unused = names.find((name) => !used.has(name));
  return unused === undefined ? null : `No step uses the parameter “${unused}”.`;
}

function isWord(before: string, after: string): boolean {
  return (
    /(?: |[\w-]=)$/.test(before) &&
    /^(?:$|[ ;|)])/.test(after) &&
    CLOSED.test(before) &&
    !NOT_A_WORD.test(before) &&
    !AS_NUMBER.test(after) &&
    !COMMAND_IS_NEXT.test(before) &&
    !READ_AGAIN.test(before) &&
    !FORMAT.test(before)
  );
}

/** What is typed, as far as the values are there. @param values one left out is empty */
export function fillSteps(
  { steps, parameters }: RunbookTemplate,
  values: RunbookValues,
  shell: ShellKind,
): FilledSteps {
  const words = new Map<string, string>();
  const problems: Record<string, string> = {};
  for (const parameter of parameters) {
    const { name } = parameter;
    const value = Object.hasOwn(values, name) ? (values[name] ?? '') : '';
    const problem =
      valueProblem(parameter, value) ?? (shell === 'powershell' ? handedOn(steps, name, value) : null);
    if (problem === null) words.set(name, quoteFor(shell, value));
    else problems[name] = problem;
  }
  const lines = steps.map((step) =>
    splitAtPlaces(step).map(({ text, name }): LinePart => {
      if (name === null || !parameters.some((parameter) => parameter.name === name))
        return { text, of: 'template' };
      const word = words.get(name);
      return word === undefined ? { text, of: 'missing' } : { text: word, of: 'value' };
    }),
  );
  const [first] = parameters;
  if (first !== undefined && lines.some((line) => lineText(line).length > LINE_MAX))
    problems[first.name] ??= `A step grows longer than ${LINE_MAX} characters.`;
  return { lines, problems };
}

export function lineText(parts: readonly LinePart[]): string {
  return parts.map(({ text }) => text).join('');
}

function splitAtPlaces(step: string): { text: string; name: string | null }[] {
  const pieces: { text: string; name: string | null }[] = [];
  let from = 0;
  for (const { 0: text, 1: name = '', index } of step.matchAll(PLACE)) {
    pieces.push({ text: step.slice(from, index), name: null }, { text, name });
    from = index + text.length;
  }
  pieces.push({ text: step.slice(from), name: null });
  return pieces.filter(({ text }) => text !== '');
}

/** PowerShell itself reads it right, but some of its versions pass these on to programs as several words. */
function handedOn(steps: readonly string[], name: string, value: string): string | null {
  if (steps.some((step) => step.includes(`={{${name}}}`)))
    return 'A step puts it after “=”, which PowerShell may take for two words. An administrator puts a space there.';
  return /"|\\$/.test(value) ? 'PowerShell passes a double quote or a last backslash on wrongly.' : null;
}
