// A recording as a time line: what is written when. Long pauses are shortened, so that a review is no waiting.
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { CommandRecord, RecordingEvent } from '#protocol/records.ts';

export interface Moment {
  /** From the start of playback. */
  readonly atMs: number;
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

export interface TimelineBuilder {
  /** Of a recording's events, the next ones. */
  readonly add: (events: readonly RecordingEvent[]) => void;
  readonly build: () => Timeline;
}

/** Takes a recording as it is read: bytes are kept, their spelling is not. */
export function timelineBuilder(): TimelineBuilder {
  const moments: Moment[] = [];
  let atMs = 0;
  let before: number | null = null;
  return {
    add: (events) => {
      for (const event of events) {
        atMs += before === null ? 0 : Math.min(PAUSE_MAX_MS, Math.max(0, event.at - before));
        before = event.at;
        moments.push({
          atMs,
          offsetBytes: event.offsetBytes,
          bytes: event.kind === 'output' ? bytesOf(event) : null,
          size: event.kind === 'resize' ? { cols: event.cols, rows: event.rows } : null,
        });
      }
    },
    build: () => ({
      moments,
      durationMs: atMs,
      startSize: moments.find(({ size }) => size !== null)?.size ?? DEFAULT_SIZE,
    }),
  };
}

export function buildTimeline(events: readonly RecordingEvent[]): Timeline {
  const builder = timelineBuilder();
  builder.add(events);
  return builder.build();
}

/** When a command began: the moment whose output holds its first byte, or would. */
export function commandAtMs(
  { moments, durationMs }: Timeline,
  { outputOffsetBytes }: Pick<CommandRecord, 'outputOffsetBytes'>,
): number {
  const count = firstWhere(
    moments,
    ({ offsetBytes, bytes }) => offsetBytes + (bytes?.length ?? 0) > outputOffsetBytes,
  );
  return moments[count]?.atMs ?? durationMs;
}

/** Played for less, it has only come to a place: going back then goes to the one before it. */
const JUST_MS = 1000;

/** The next place, or the one before. @param speed at which it is played meanwhile; 0: it stands */
export function neighbour<P extends { readonly atMs: number }>(
  places: readonly P[],
  positionMs: number,
  by: 1 | -1,
  speed: number,
): P | undefined {
  if (by === 1) return places.find(({ atMs }) => atMs > positionMs + 1);
  const at = places.findLastIndex(({ atMs }) => atMs < positionMs - 1);
  const isJustThere = positionMs - (places[at]?.atMs ?? 0) < JUST_MS * speed;
  return places[isJustThere ? at - 1 : at];
}

/** How many moments have happened by then. */
export function countAtMs({ moments }: Timeline, positionMs: number): number {
  return firstWhere(moments, ({ atMs }) => atMs > positionMs);
}

export function bytesOf({ data }: Extract<RecordingEvent, { kind: 'output' }>): Uint8Array {
  const text = atob(data);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** Of a list in which `holds` is false, and from some place on true: that place. */
function firstWhere(moments: readonly Moment[], holds: (moment: Moment) => boolean): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const moment = moments[middle];
    if (moment !== undefined && holds(moment)) high = middle;
    else low = middle + 1;
  }
  return low;
}
