import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';

/** The name cut at its emphasis; a range that does not fit emphasises the whole name rather than nothing. */
export function nameParts({ name, emphasis: [from, to] }: Pick<WorkspaceFrame, 'name' | 'emphasis'>): {
  readonly before: string;
  readonly distinct: string;
  readonly after: string;
} {
  if (from >= to || to > name.length) return { before: '', distinct: name, after: '' };
  return { before: name.slice(0, from), distinct: name.slice(from, to), after: name.slice(to) };
}
