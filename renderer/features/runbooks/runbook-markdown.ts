// A runbook as Markdown: what is copied out of one client and, deliberately, read into another.
import type { Runbook } from '#protocol/records.ts';
import { Runbook as RunbookSchema } from '#protocol/records.ts';

export type RunbookText = Pick<Runbook, 'title' | 'description' | 'steps'>;

export type ReadRunbook =
  | { readonly ok: true; readonly runbook: RunbookText }
  | { readonly ok: false; readonly why: string };

const TextSchema = RunbookSchema.pick({ title: true, description: true, steps: true });
const FENCE = /^(`{3,})\s*\w*$/;

/** A heading, what it is for, and one fenced line for each step in order. */
export function toMarkdown({ title, description, steps }: RunbookText): string {
  const longest = Math.max(2, ...steps.map((step) => /`*/.exec(step)?.[0].length ?? 0));
  const fence = '`'.repeat(longest + 1);
  const about = description === '' ? [] : [description, ''];
  return [`# ${title}`, '', ...about, `${fence}sh`, ...steps, fence, ''].join('\n');
}

/** The first heading, the text up to the first fence, and every line of every fence; empty lines count for nothing. */
export function fromMarkdown(text: string): ReadRunbook {
  const about: string[] = [];
  const steps: string[] = [];
  let title: string | null = null;
  let fence: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const ticks = FENCE.exec(line.trimEnd())?.[1] ?? null;
    if (fence !== null) {
      if (ticks !== null && ticks.length >= fence.length) fence = null;
      else if (line.trim() !== '') steps.push(line.trimEnd());
    } else if (ticks !== null) fence = ticks;
    else if (title === null && line.startsWith('# ')) title = line.slice(2).trim();
    else if (steps.length === 0) about.push(line);
  }
  if (title === null) return { ok: false, why: 'It has no title: a line that begins with “# ”.' };
  if (fence !== null) return { ok: false, why: 'The last code fence is not closed.' };
  if (steps.length === 0) return { ok: false, why: 'It has no steps: lines between ``` fences.' };
  const read = TextSchema.safeParse({ title, description: about.join('\n').trim(), steps });
  return read.success
    ? { ok: true, runbook: read.data }
    : { ok: false, why: 'A title has up to 120 characters; there are up to 50 steps of up to 2,000 each.' };
}
