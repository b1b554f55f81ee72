// By what a client that is new on this computer will be recognised, until the relay's own frame is known.
// Pure: the same names and known frames give the same proposal on every computer, in whatever order they come.
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { assignMarks } from './assign-marks.ts';
import { distinctPart } from './name-likeness.ts';
import { proposeCodes } from './propose-codes.ts';

/**
 * A frame for each name, in the names' order. Codes differ from each other and from the known ones, and so do colour
 * and glyph as a pair; look-alikes, known ones among them, differ in colour while colours last.
 * @param names 1–120 UTF-16 units each
 * @param known frames in use already; they stay as they are
 */
export function proposeFrames(
  names: readonly string[],
  known: readonly WorkspaceFrame[],
): readonly WorkspaceFrame[] {
  const order = [...names.keys()].sort((a, b) => compare(names[a] ?? '', names[b] ?? '') || a - b);
  const sorted = order.map((index) => names[index] ?? '');
  const named = sorted.map((name, index) => ({
    name,
    emphasis: distinctPart(name, [
      ...sorted.filter((_, other) => other !== index),
      ...known.map((frame) => frame.name),
    ]),
  }));
  const codes = proposeCodes(named, new Set(known.map(({ code }) => code)));
  const marks = assignMarks(sorted, known);
  const frames = named.map(({ name, emphasis }, index): WorkspaceFrame => {
    const [code, mark] = [codes[index], marks[index]];
    if (code === undefined || mark === undefined) throw new Error('a name has no marks');
    const [from, to] = emphasis;
    return { colour: mark.colour, glyph: mark.glyph, code, name, emphasis: [from, to] };
  });
  return names.map((_, index) => {
    const frame = frames[order.indexOf(index)];
    if (frame === undefined) throw new Error('a name was lost');
    return frame;
  });
}

/** By code units: the same everywhere, whatever the language of the computer. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
