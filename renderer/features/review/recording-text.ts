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
/** Between two looks at whether the search still is wanted. */
const YIELD_BYTES = 4 * 1024 * 1024;

const SEQUENCES =
  // oxlint-disable-next-line no-control-regex -- sequences begin with one
  /\u001B(?:\[[0-?]*[ -/]*[@-~]|[\]P^_X][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]*[0-~])|[\0-\u0009\u000B\u000C\u000E-\u001F\u007F]/g;

/**
 * Lines that hold `text`, in order, whatever their case; at most 200.
 * @param pause lets the page draw; a search that was aborted meanwhile ends with what it has
 */
export async function findInOutput(
  { moments }: Timeline,
  text: string,
  signal: AbortSignal,
  pause: () => Promise<void>,
): Promise<readonly OutputHit[]> {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: OutputHit[] = [];
  const decoder = new TextDecoder();
  let sinceBytes = 0;
  let rest = '';
  for (const { bytes, atMs } of moments) {
    if (bytes === null) continue;
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r\n|\r|\n/);
    rest = (lines.pop() ?? '').slice(-LINE_MAX_LENGTH * 10);
    for (const line of lines) {
      const hit = found(line, wanted, atMs, hits.length);
      if (hit !== null) hits.push(hit);
      if (hits.length === HITS_MAX) return hits;
    }
    sinceBytes += bytes.length;
    if (sinceBytes < YIELD_BYTES) continue;
    sinceBytes = 0;
    await pause();
    if (signal.aborted) return hits;
  }
  const last = found(rest, wanted, moments.at(-1)?.atMs ?? 0, hits.length);
  return last === null ? hits : [...hits, last];
}

function found(printed: string, wanted: string, atMs: number, number: number): OutputHit | null {
  const line = printed.replaceAll(SEQUENCES, '');
  const at = line.toLowerCase().indexOf(wanted);
  if (at < 0) return null;
  const from = Math.max(0, at - LINE_MAX_LENGTH / 2);
  return { atMs, line: line.slice(from, from + LINE_MAX_LENGTH).trim(), number };
}
