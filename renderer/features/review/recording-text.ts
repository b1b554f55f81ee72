// What a recording's output says, line by line, without its sequences: for finding a text in it. A line is told as it
// was printed, which in a program that draws its screen is not always what stood there in the end.
import type { Timeline } from './recording-timeline.ts';

export interface OutputHit {
  readonly atMs: number;
  readonly line: string;
  /** Among the hits, from 0. */
  readonly number: number;
}

const HITS_MAX = 200;
const LINE_MAX_LENGTH = 400;
/** Of a line that is not complete yet. */
const REST_MAX_LENGTH = 4000;
/** Between two looks at whether the search still is wanted. */
const YIELD_BYTES = 1024 * 1024;

const SEQUENCES =
  // oxlint-disable-next-line no-control-regex -- sequences begin with one
  /\u001B(?:\[[0-?]*[ -/]*[@-~]|[\]P^_X][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]*[0-~])|[\0-\u0009\u000B\u000C\u000E-\u001F\u007F]/g;

/**
 * Lines that hold `query`, in order, whatever their case; at most 200.
 * @param pause lets the page draw; a search that was aborted meanwhile ends with what it has
 */
export async function findInOutput(
  { moments }: Timeline,
  query: string,
  signal: AbortSignal,
  pause: () => Promise<void>,
): Promise<readonly OutputHit[]> {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: OutputHit[] = [];
  const decoder = new TextDecoder();
  let sinceBytes = 0;
  let rest = '';
  for (const { bytes, atMs } of moments) {
    if (bytes === null) continue;
    const text = rest + decoder.decode(bytes, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    rest = text.slice(end).slice(-REST_MAX_LENGTH);
    for (const line of linesWith(wanted, text.slice(0, end))) {
      hits.push({ atMs, line, number: hits.length });
      if (hits.length === HITS_MAX) return hits;
    }
    sinceBytes += bytes.length;
    if (sinceBytes < YIELD_BYTES) continue;
    sinceBytes = 0;
    await pause();
    if (signal.aborted) return hits;
  }
  const atMs = moments.at(-1)?.atMs ?? 0;
  const last = linesWith(wanted, rest).map((line, index) => ({ atMs, line, number: hits.length + index }));
  return [...hits, ...last].slice(0, HITS_MAX);
}

function linesWith(wanted: string, printed: string): readonly string[] {
  const text = printed.replaceAll(SEQUENCES, '');
  // Most of a long recording is told by one look.
  if (!text.toLowerCase().includes(wanted)) return [];
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const at = line.toLowerCase().indexOf(wanted);
    if (at < 0) return [];
    const from = Math.max(0, at - LINE_MAX_LENGTH / 2);
    return [line.slice(from, from + LINE_MAX_LENGTH).trim()];
  });
}
