// A runbook as Markdown: what is taken out of one client and, deliberately, read into another.
import type { Runbook } from '#protocol/records.ts';
import { RunbookDraft } from '#protocol/records.ts';
import { templateProblem } from '#protocol/runbook/fill-steps.ts';
import { readParameters, writeParameters } from './parameter-lines.ts';

export type RunbookText = Pick<Runbook, 'title' | 'description' | 'steps' | 'parameters' | 'irreversible'>;

export type ReadRunbook =
  | { readonly ok: true; readonly runbook: RunbookText }
  /** `next`: what to do about it. `steps`: as far as they were read. */
  | {
      readonly ok: false;
      readonly code: string;
      readonly why: string;
      readonly next: string;
      readonly steps: readonly string[];
    };

/** What CommonMark opens a fence with, and what stands before it on its line: spaces, marks of lists and quotations. */
const BEFORE_FENCE = String.raw`^((?:[ \t]*(?:(?:[-*+]|\d{1,9}[.)])(?=[ \t])|>))*[ \t]*)`;
const OPENS = new RegExp(`${BEFORE_FENCE}(?:(\`{3,})([^\`]*)|(~{3,})(.*))$`);
const CLOSES = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
/** What a fence of steps may say. Anything else is refused: a mark that is misread would be a mark that is lost. */
const STEP_WORDS = new Set(['sh', 'bash', 'zsh', 'fish', 'shell', 'powershell', 'pwsh', 'irreversible']);
/** A line of the description that would be taken for a fence, and how it is written instead. */
const LIKE_A_FENCE = new RegExp(String.raw`${BEFORE_FENCE}(?=\\*(?:\`{3}|~{3}))`);
const WAS_LIKE_A_FENCE = new RegExp(String.raw`${BEFORE_FENCE}\\(?=\\*(?:\`{3}|~{3}))`);

/** A heading, what it is for, what is filled in, and one fenced line for each step in order. */
export function toMarkdown({ title, description, steps, parameters, irreversible }: RunbookText): string {
  const longest = Math.max(2, ...steps.map((step) => /`+/.exec(step)?.[0].length ?? 0));
  const fence = '`'.repeat(longest + 1);
  const about = description.split('\n').map((line) => line.replace(LIKE_A_FENCE, '$1\\'));
  return [
    `# ${title}`,
    '',
    ...(description === '' ? [] : [...about, '']),
    ...(parameters.length === 0 ? [] : ['```parameters', ...writeParameters(parameters), '```', '']),
    `${fence}sh${irreversible ? ' irreversible' : ''}`,
    ...steps,
    fence,
    '',
  ].join('\n');
}

/**
 * The first heading, the text up to the first fence, and every line of every fence; empty lines count for nothing.
 * A fence within a list or a quotation is refused: which of its lines are steps is seen otherwise by every reader.
 */
export function fromMarkdown(text: string): ReadRunbook {
  const about: string[] = [];
  const steps: string[] = [];
  const declared: string[] = [];
  let title: string | null = null;
  const no = (code: string, why: string, next: string): ReadRunbook => ({
    ok: false,
    code,
    why,
    next,
    steps,
  });
  let fence: { readonly mark: string; readonly indent: number; readonly into: string[] } | null = null;
  let begun = false;
  let irreversible = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (fence !== null) {
      const [, mark = ''] = CLOSES.exec(line) ?? [];
      if (mark.startsWith(fence.mark)) fence = null;
      else if (line.trim() !== '') fence.into.push(withoutIndent(line, fence.indent).trimEnd());
      continue;
    }
    const [opens, before = '', ticks, tickInfo, tildes, tildeInfo] = OPENS.exec(line) ?? [];
    if (opens !== undefined) {
      if (!/^ {0,3}$/.test(before))
        return no(
          'runbook_fence_place',
          `Line ${index + 1}: a code fence stands in a list or a quotation, or more than three spaces in.`,
          'Put it at the start of the line, and the line that closes it too.',
        );
      const words = (tickInfo ?? tildeInfo ?? '')
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '');
      const declares = words.length === 1 && words[0] === 'parameters';
      const unknown = declares ? undefined : words.find((word) => !STEP_WORDS.has(word));
      if (unknown !== undefined)
        return no(
          'runbook_fence_words',
          `Line ${index + 1}: a code fence says “${unknown}”, which means nothing here.`,
          'After ``` stands nothing, parameters, or sh and, for what cannot be undone, irreversible.',
        );
      fence = { mark: ticks ?? tildes ?? '', indent: before.length, into: declares ? declared : steps };
      begun = true;
      if (words.includes('irreversible')) irreversible = true;
    } else if (title === null && line.startsWith('# ')) title = line.slice(2).trim();
    else if (!begun) about.push(line.replace(WAS_LIKE_A_FENCE, '$1'));
  }
  if (title === null)
    return no('runbook_no_title', 'It has no title.', 'Put “# ” and a title in its first line.');
  if (fence !== null)
    return no(
      'runbook_open_fence',
      'The last code fence is not closed.',
      'Put ``` in a line below the steps.',
    );
  if (steps.length === 0)
    return no('runbook_no_steps', 'It has no steps.', 'Put them between two lines of ```, one in each line.');
  const parameters = readParameters(declared);
  if (!parameters.ok)
    return no(
      'runbook_parameters',
      parameters.why,
      'Correct that line of the parameters, then read it again.',
    );
  const draft = {
    title,
    description: about.join('\n').trim(),
    steps,
    parameters: parameters.parameters,
    irreversible,
  };
  const problem = templateProblem(draft);
  if (problem !== null) return no('runbook_places', problem, 'Correct the step, then read it again.');
  const read = RunbookDraft.safeParse(draft);
  if (read.success) return { ok: true, runbook: read.data };
  return no(
    'runbook_limits',
    `${read.error.issues[0]?.path.join(' ') ?? 'It'}: too long, or it holds characters that cannot be seen.`,
    'A title has up to 120 characters; there are up to 50 steps of up to 2,000 each, in one line each.',
  );
}

/** What a fence that is set in takes away from each of its lines. */
function withoutIndent(line: string, spaces: number): string {
  return line.replace(new RegExp(`^ {0,${spaces}}`), '');
}
