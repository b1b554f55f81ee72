// A recording as an asciicast file (docs.asciinema.org/manual/asciicast): one line of JSON for the head and for each
// event, made page by page. Version 3 tells intervals and markers; version 2, for players of before, tells times.
import type { CommandRecord, RecordingEvent, SessionReview } from '#protocol/records.ts';
import { bytesOf } from './recording-timeline.ts';

export type CastVersion = 2 | 3;

export interface CastWriter {
  /** Events in order, as they come; text to append. */
  readonly write: (events: readonly RecordingEvent[]) => string;
  /** What is left; text to append. */
  readonly end: () => string;
}

type Told = Pick<SessionReview, 'machineName' | 'startedAt' | 'exitCode'> & {
  readonly commands: readonly Pick<CommandRecord, 'line' | 'outputOffsetBytes'>[];
};

/** Times are rounded to these, so that their sum does not drift. */
const PER_SECOND = 1000;

export function castWriter(session: Told, version: CastVersion): CastWriter {
  // One decoder for the whole: a character may begin in one batch and end in another.
  const decoder = new TextDecoder();
  const marks = session.commands.toSorted((one, other) => one.outputOffsetBytes - other.outputOffsetBytes);
  let marked = 0;
  let hasHead = false;
  let startMs = session.startedAt;
  let beforeMs = startMs;

  const event = (at: number, code: string, data: string): string => {
    const time = (Math.max(beforeMs, at) - (version === 3 ? beforeMs : startMs)) / PER_SECOND;
    beforeMs = Math.max(beforeMs, at);
    return line([time, code, data]);
  };
  /** What was decoded of these bytes, nothing where a character is not complete yet. */
  const output = (at: number, bytes: Uint8Array): string => {
    const text = decoder.decode(bytes, { stream: true });
    return text === '' ? '' : event(at, 'o', text);
  };
  /** Output, with a marker before the first byte of each command. */
  const marksWithin = (at: number, offsetBytes: number, bytes: Uint8Array): string => {
    let text = '';
    let from = 0;
    for (let mark = marks[marked]; mark !== undefined; mark = marks[marked]) {
      const to = mark.outputOffsetBytes - offsetBytes;
      if (to >= bytes.length) break;
      if (to > from) text += output(at, bytes.subarray(from, to));
      from = Math.max(from, to);
      text += event(at, 'm', mark.line);
      marked += 1;
    }
    return text + output(at, bytes.subarray(from));
  };

  const head = (first: RecordingEvent): string => {
    hasHead = true;
    startMs = first.at;
    beforeMs = first.at;
    const size = first.kind === 'resize' ? first : { cols: 80, rows: 24 };
    const timestamp = Math.floor(startMs / PER_SECOND);
    const title = session.machineName;
    return version === 3
      ? line({
          version,
          term: { cols: size.cols, rows: size.rows, type: 'xterm-256color' },
          timestamp,
          title,
        })
      : line({
          version,
          width: size.cols,
          height: size.rows,
          timestamp,
          title,
          env: { TERM: 'xterm-256color' },
        });
  };

  return {
    write: (events) => {
      let text = '';
      for (const each of events) {
        if (!hasHead) {
          text += head(each);
          // The first size is the head's.
          if (each.kind === 'resize') continue;
        }
        text +=
          each.kind === 'resize'
            ? event(each.at, 'r', `${each.cols}x${each.rows}`)
            : marksWithin(each.at, each.offsetBytes, bytesOf(each));
      }
      return text;
    },
    end: () => {
      const rest = decoder.decode();
      const last = rest === '' ? '' : event(beforeMs, 'o', rest);
      const markers = marks.slice(marked).map((mark) => event(beforeMs, 'm', mark.line));
      // Version 2 knows no exit code.
      const exit =
        version === 3 && session.exitCode !== null ? event(beforeMs, 'x', String(session.exitCode)) : '';
      return last + markers.join('') + exit;
    },
  };
}

function line(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
