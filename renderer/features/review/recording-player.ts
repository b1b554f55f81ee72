import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { Timers } from '../../connection/socket.ts';
import type { Timeline } from './recording-timeline.ts';

export const SPEEDS = [0.5, 1, 2, 4, 8, 16] as const;

export interface PlayerState {
  readonly positionMs: number;
  readonly playing: boolean;
  readonly speed: (typeof SPEEDS)[number];
}

/** Where a recording is drawn. */
export interface PlayerScreenSink {
  readonly reset: () => void;
  readonly write: (bytes: Uint8Array) => void;
  readonly resize: (size: TerminalSize) => void;
}

const TICK_MS = 33;

/** Plays a time line onto a screen. Seeking back draws from the start again: a terminal cannot be undone. */
export class RecordingPlayer {
  readonly store: StoreApi<PlayerState>;
  readonly #timeline: Timeline;
  readonly #sink: PlayerScreenSink;
  readonly #timers: Pick<Timers, 'now' | 'after'>;
  #drawn = 0;
  #stopTick: () => void = () => undefined;

  constructor(timeline: Timeline, sink: PlayerScreenSink, timers: Pick<Timers, 'now' | 'after'>) {
    this.#timeline = timeline;
    this.#sink = sink;
    this.#timers = timers;
    this.store = createStore<PlayerState>(() => ({ positionMs: 0, playing: false, speed: 1 }));
    this.seek(0);
  }

  toggle(): void {
    const { playing, positionMs } = this.store.getState();
    if (playing) return this.#pause();
    if (positionMs >= this.#timeline.durationMs) this.seek(0);
    this.store.setState({ playing: true });
    return this.#tick(this.#timers.now());
  }

  seek(toMs: number): void {
    const positionMs = Math.min(this.#timeline.durationMs, Math.max(0, toMs));
    const { moments } = this.#timeline;
    const drawnMs = moments[this.#drawn - 1]?.atMs ?? 0;
    if (positionMs < drawnMs || this.#drawn === 0) {
      this.#sink.reset();
      this.#sink.resize(this.#timeline.startSize);
      this.#drawn = 0;
    }
    this.#drawTo(positionMs);
    this.store.setState({ positionMs });
  }

  step(byMs: number): void {
    this.seek(this.store.getState().positionMs + byMs);
  }

  faster(by: 1 | -1): void {
    const at = SPEEDS.indexOf(this.store.getState().speed) + by;
    const speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at))];
    if (speed !== undefined) this.store.setState({ speed });
  }

  dispose(): void {
    this.#stopTick();
  }

  #pause(): void {
    this.#stopTick();
    this.store.setState({ playing: false });
  }

  #tick(beforeMs: number): void {
    this.#stopTick = this.#timers.after(TICK_MS, () => {
      const nowMs = this.#timers.now();
      const { positionMs, speed } = this.store.getState();
      this.seek(positionMs + (nowMs - beforeMs) * speed);
      if (this.store.getState().positionMs >= this.#timeline.durationMs) this.#pause();
      else this.#tick(nowMs);
    });
  }

  #drawTo(positionMs: number): void {
    const { moments } = this.#timeline;
    for (let moment = moments[this.#drawn]; moment !== undefined && moment.atMs <= positionMs;) {
      if (moment.bytes !== null) this.#sink.write(moment.bytes);
      if (moment.size !== null) this.#sink.resize(moment.size);
      this.#drawn += 1;
      moment = moments[this.#drawn];
    }
  }
}
