// A recording as a time line: what is written when. Long pauses are shortened, so that a review is no waiting.
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { CommandRecord, RecordingEvent } from '#protocol/records.ts';

export interface Moment {
  /** From the start of playback. */
  readonly atMs: number;
  /** By the relay's clock. */
  readonly clockMs: number;
  readonly offsetBytes: number;
  readonly bytes: Uint8Array | null;
  readonly size: TerminalSize | null;
}

export interface Timeline {
  readonly moments: readonly Moment[];
  readonly durationMs: number;
  readonly startSize: TerminalSize;
}

export const PAUSE_MAX_MS = 2000;
const DEFAULT_SIZE: TerminalSize = { cols: 80, rows: 24 };

export function buildTimeline(events: readonly RecordingEvent[]): Timeline {
  let atMs = 0;
  let before: number | null = null;
  const moments = events.map((event): Moment => {
    atMs += before === null ? 0 : Math.min(PAUSE_MAX_MS, Math.max(0, event.at - before));
    before = event.at;
    return {
      atMs,
      clockMs: event.at,
      offsetBytes: event.offsetBytes,
      bytes: event.kind === 'output' ? fromBase64(event.data) : null,
      size: event.kind === 'resize' ? { cols: event.cols, rows: event.rows } : null,
    };
  });
  const startSize = moments.find(({ size }) => size !== null)?.size ?? DEFAULT_SIZE;
  return { moments, durationMs: atMs, startSize };
}

/** When a command began: the moment whose output holds its first byte. */
export function commandAtMs({ moments }: Timeline, { outputOffsetBytes }: CommandRecord): number {
  const at = moments.find(
    ({ bytes, offsetBytes }) => bytes !== null && offsetBytes + bytes.length > outputOffsetBytes,
  );
  return at?.atMs ?? moments.at(-1)?.atMs ?? 0;
}

function fromBase64(data: string): Uint8Array {
  return Uint8Array.from(atob(data), (char) => char.charCodeAt(0));
}
