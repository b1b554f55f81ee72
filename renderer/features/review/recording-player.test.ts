import { describe, expect, it } from 'vitest';
import { RecordingEvent } from '#protocol/records.ts';
import { settled, TestClock } from '../../testing/test-clock.ts';
import { RecordingPlayer } from './recording-player.ts';
import type { PlayerScreenSink } from './recording-player.ts';
import { PAUSE_MAX_MS, buildTimeline, commandAtMs, neighbour } from './recording-timeline.ts';

const output = (at: number, offsetBytes: number, text: string): RecordingEvent =>
  RecordingEvent.parse({ kind: 'output', at, offsetBytes, data: btoa(text) });

const events: readonly RecordingEvent[] = [
  RecordingEvent.parse({ kind: 'resize', at: 0, offsetBytes: 0, cols: 100, rows: 30 }),
  output(0, 0, 'a$ '),
  output(500, 3, 'ls\r\n'),
  // An hour of nothing is shown as two seconds.
  output(3_600_500, 7, 'b$ '),
  output(3_601_000, 10, 'exit\r\n'),
];

/** A screen that remembers what stands on it. */
function screen() {
  let text = '';
  let resets = 0;
  const decoder = new TextDecoder();
  return {
    text: () => text,
    resets: () => resets,
    sink: {
      reset: () => {
        text = '';
        resets += 1;
      },
      resize: ({ cols, rows }: { cols: number; rows: number }) => {
        text += `[${cols}x${rows}]`;
      },
      write: (bytes: Uint8Array | string, drawn: () => void) => {
        text += typeof bytes === 'string' ? bytes : decoder.decode(bytes);
        drawn();
      },
    },
  };
}

const playerOn = (sink: PlayerScreenSink, timers: TestClock) =>
  new RecordingPlayer({ timeline: buildTimeline(events), sink, timers, keyframe: () => null });

const START = '[100x30][100x30]a$ ';

describe('a recording', () => {
  it('shortens pauses and finds where a command began', () => {
    const timeline = buildTimeline(events);
    expect(timeline.moments.map(({ atMs }) => atMs)).toEqual([0, 0, 500, 500 + PAUSE_MAX_MS, 3000]);
    expect(timeline.durationMs).toBe(3000);
    const command = { outputOffsetBytes: 8 } as Parameters<typeof commandAtMs>[1];
    expect(commandAtMs(timeline, command)).toBe(2500);
  });

  it('goes from command to command, one for each press, also while it plays', () => {
    const places = [{ atMs: 1000 }, { atMs: 1500 }, { atMs: 9000 }];
    const from = (positionMs: number, by: 1 | -1, speed = 0) =>
      neighbour(places, positionMs, by, speed)?.atMs;
    expect([from(0, 1), from(1000, 1), from(9000, 1)]).toEqual([1000, 1500, undefined]);
    expect([from(9000, -1), from(1500, -1), from(1000, -1)]).toEqual([1500, 1000, undefined]);
    // It has gone on a little since the press before.
    expect([from(9200, -1, 1), from(1700, -1, 1), from(1200, -1, 1)]).toEqual([1500, 1000, undefined]);
    expect([from(9200, -1), from(10_500, -1, 1), from(10_500, -1, 2)]).toEqual([9000, 9000, 1500]);
  });

  it('plays at its speed, pauses, and stands still at the end', async () => {
    const clock = new TestClock();
    const { sink, text } = screen();
    const player = playerOn(sink, clock);
    await settled();
    expect(text()).toBe(START);
    player.faster(1);
    player.toggle();
    await clock.pass(300);
    expect(text()).toBe(`${START}ls\r\n`);
    player.toggle();
    await clock.pass(10_000);
    expect(text()).toBe(`${START}ls\r\n`);
    player.toggle();
    await clock.pass(10_000);
    expect(text()).toBe(`${START}ls\r\nb$ exit\r\n`);
    expect(player.store.getState()).toMatchObject({ playing: false, positionMs: 3000 });
  });

  it('draws only on when seeking ahead, and anew when seeking back', async () => {
    const { sink, text, resets } = screen();
    const player = playerOn(sink, new TestClock());
    player.seek(2600);
    await settled();
    expect(text()).toBe(`${START}ls\r\nb$ `);
    expect(resets()).toBe(1);
    player.seek(600);
    await settled();
    expect(text()).toBe(`${START}ls\r\n`);
    expect(resets()).toBe(2);
    player.seek(99_999);
    await settled();
    expect(text()).toBe(`${START}ls\r\nb$ exit\r\n`);
    expect(resets()).toBe(2);
  });
});
