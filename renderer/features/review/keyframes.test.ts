import { afterEach, describe, expect, it } from 'vitest';
import { RecordingEvent } from '#protocol/records.ts';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import { TestClock } from '../../testing/test-clock.ts';
import { HiddenTerminal } from '../../terminal/hidden-terminal.ts';
import { Keyframes } from './keyframes.ts';
import { RecordingPlayer } from './recording-player.ts';
import type { PlayerScreenSink } from './recording-player.ts';
import { buildTimeline } from './recording-timeline.ts';
import type { Timeline } from './recording-timeline.ts';

const MB = 1024 * 1024;
const START: TerminalSize = { cols: 80, rows: 24 };

const open: HiddenTerminal[] = [];
const terminal = (size: TerminalSize) => {
  const made = new HiddenTerminal(size, 200);
  open.push(made);
  return made;
};
afterEach(() => {
  for (const made of open.splice(0)) made.dispose();
});

/** A screen that can be read, and how much was drawn on it. */
class Screen implements PlayerScreenSink {
  drawnBytes = 0;
  resets = 0;
  #terminal = terminal(START);
  readonly reset = () => {
    this.resets += 1;
    this.#terminal = terminal(START);
  };
  readonly resize = (size: TerminalSize) => this.#terminal.resize(size);
  readonly write = (bytes: Uint8Array | string, drawn: () => void) => {
    const raw = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    this.drawnBytes += raw.length;
    void this.#terminal.write(raw).then(drawn);
  };
  text() {
    return this.#terminal.picture();
  }
}

/** Six megabytes: listings in colour, a full-screen program with rows that do not scroll, a smaller window. */
function recorded(): Timeline {
  const events: RecordingEvent[] = [];
  let offsetBytes = 0;
  let at = 0;
  const push = (bytes: Uint8Array) => {
    const data = btoa(String.fromCharCode(...bytes));
    events.push(RecordingEvent.parse({ kind: 'output', at: (at += 100), offsetBytes, data }));
    offsetBytes += bytes.length;
  };
  const encoder = new TextEncoder();
  events.push(RecordingEvent.parse({ kind: 'resize', at, offsetBytes, ...START }));
  for (let block = 0; block < 96; block += 1) {
    const lines = Array.from(
      { length: 900 },
      (_, i) => `\u001B[3${i % 8}m${block}.${i} ünïcode 日本\u001B[0m ${'x'.repeat(i % 60)}\r\n`,
    ).join('');
    const drawn = `\u001B[?1049h\u001B[5;20r\u001B[2J\u001B[1;1Htitle ${block}\u001B[20;1H${'\n'.repeat(30)}`;
    const bytes = encoder.encode(block % 7 === 3 ? `${drawn}${lines}\u001B[r\u001B[?1049l` : lines);
    // Cut anywhere: in a character, in a sequence.
    for (let from = 0, size = 60_001 + block; from < bytes.length; from += size) {
      push(bytes.slice(from, from + size));
    }
    if (block === 50) {
      events.push(RecordingEvent.parse({ kind: 'resize', at, offsetBytes, cols: 100, rows: 30 }));
    }
  }
  return buildTimeline(events);
}

async function settledScreen(player: RecordingPlayer): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (!player.store.getState().drawing) return;
  }
}

describe('a long recording', () => {
  it('shows at any place what playing from the start shows, for half a megabyte of drawing', async () => {
    const timeline = recorded();
    const keyframes = new Keyframes();
    await keyframes.build(timeline, terminal(timeline.startSize), new AbortController().signal);
    const last = timeline.moments.at(-1);
    expect((last?.offsetBytes ?? 0) / MB).toBeGreaterThan(5);

    const straight = new Screen();
    const player = new RecordingPlayer({
      timeline,
      sink: straight,
      timers: new TestClock(),
      keyframe: () => null,
    });
    const jumping = new Screen();
    const jumper = new RecordingPlayer({
      timeline,
      sink: jumping,
      timers: new TestClock(),
      keyframe: (count) => keyframes.before(count),
    });
    const places = [0.15, 0.3, 0.301, 0.52, 0.7, 0.97, 1].map((share) => share * timeline.durationMs);
    const seen: (string | null)[] = [];
    for (const place of places) {
      player.seek(place);
      await settledScreen(player);
      seen.push(straight.text());
    }
    const order = [6, 0, 3, 1, 5, 2, 4];
    for (const index of order) {
      const before = jumping.drawnBytes;
      jumper.seek(places[index] ?? 0);
      await settledScreen(jumper);
      // What is scrolled away may differ: a keyframe keeps some of it.
      expect(lastLines(jumping.text())).toEqual(lastLines(seen[index] ?? null));
      expect(jumping.drawnBytes - before).toBeLessThan(0.9 * MB);
    }
    expect(straight.drawnBytes).toBeGreaterThan(5 * MB);
  }, 60_000);

  it('takes no picture in the middle of a sequence or of a character', async () => {
    const block = 'x'.repeat(MB);
    const pieces = [
      `${block}\u001B[3`,
      '1mred',
      `${block}日`,
      'plain',
      `${block}\u001B]0;title`,
      '\u0007',
      'end',
    ];
    const bytes = pieces.map((piece) => new TextEncoder().encode(piece));
    let offsetBytes = 0;
    const events = bytes.map((each, at) => {
      let text = '';
      for (const byte of each) text += String.fromCharCode(byte);
      offsetBytes += each.length;
      return RecordingEvent.parse({
        kind: 'output',
        at,
        offsetBytes: offsetBytes - each.length,
        data: btoa(text),
      });
    });
    const keyframes = new Keyframes();
    await keyframes.build(buildTimeline(events), terminal(START), new AbortController().signal);
    const counts = pieces.map((_, index) => keyframes.before(index + 1)?.count ?? 0);
    expect(counts).toEqual([0, 2, 2, 4, 4, 6, 6]);
  });

  it('draws the place that was asked for last, and gives up what was asked before', async () => {
    const timeline = recorded();
    const sink = new Screen();
    const player = new RecordingPlayer({ timeline, sink, timers: new TestClock(), keyframe: () => null });
    await settledScreen(player);
    player.seek(timeline.durationMs);
    expect(player.store.getState().positionMs).toBe(timeline.durationMs);
    player.seek(200);
    await settledScreen(player);
    expect(sink.drawnBytes).toBeLessThan(MB);
    player.dispose();
  }, 30_000);
});

function lastLines(picture: string | null): readonly string[] | null {
  return picture === null ? null : picture.split('\r\n').slice(-24);
}
