import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { Timers } from '../../connection/socket.ts';
import type { Keyframe } from './keyframes.ts';
import { countAtMs } from './recording-timeline.ts';
import type { Timeline } from './recording-timeline.ts';

export const SPEEDS = [0.5, 1, 2, 4, 8] as const;

export interface PlayerState {
  readonly positionMs: number;
  readonly playing: boolean;
  readonly speed: (typeof SPEEDS)[number];
  /** The screen is not there yet. */
  readonly drawing: boolean;
}

/** Where a recording is drawn. */
export interface PlayerScreenSink {
  readonly reset: () => void;
  readonly write: (bytes: Uint8Array | string, drawn: () => void) => void;
  readonly resize: (size: TerminalSize) => void;
}

export interface PlayerOptions {
  readonly timeline: Timeline;
  readonly sink: PlayerScreenSink;
  readonly timers: Pick<Timers, 'now' | 'after'>;
  /** The screen at the last place at or before so many moments; null: none yet. */
  readonly keyframe: (count: number) => Keyframe | null;
}

const TICK_MS = 33;
/** Drawn at once: in between, another place may be asked for. */
const SLICE_BYTES = 256 * 1024;
/** Further ahead than this a keyframe is quicker; below, playing on keeps what was scrolled away. */
const JUMP_BYTES = 512 * 1024;

/** Plays a time line onto a screen. What is asked for last is drawn; what was asked before it is given up. */
export class RecordingPlayer {
  readonly store: StoreApi<PlayerState>;
  readonly #options: PlayerOptions;
  /** Moments that are on the screen, and that should be. */
  #drawn: number | null = null;
  #wanted = 0;
  #running = false;
  #disposed = false;
  #stopTick: () => void = () => undefined;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.store = createStore<PlayerState>(() => ({
      positionMs: 0,
      playing: false,
      speed: 1,
      drawing: false,
    }));
    this.seek(0);
  }

  toggle(): void {
    const { playing, positionMs } = this.store.getState();
    if (playing) return this.#pause();
    if (positionMs >= this.#options.timeline.durationMs) this.seek(0);
    this.store.setState({ playing: true });
    return this.#tick(this.#options.timers.now());
  }

  seek(toMs: number): void {
    const { timeline } = this.#options;
    const positionMs = Math.min(timeline.durationMs, Math.max(0, toMs));
    this.#wanted = countAtMs(timeline, positionMs);
    this.store.setState({ positionMs, drawing: this.#drawn !== this.#wanted });
    void this.#draw();
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
    this.#disposed = true;
    this.#stopTick();
  }

  #pause(): void {
    this.#stopTick();
    this.store.setState({ playing: false });
  }

  #tick(beforeMs: number): void {
    this.#stopTick = this.#options.timers.after(TICK_MS, () => {
      const nowMs = this.#options.timers.now();
      const { positionMs, speed } = this.store.getState();
      this.seek(positionMs + (nowMs - beforeMs) * speed);
      if (this.store.getState().positionMs >= this.#options.timeline.durationMs) this.#pause();
      else this.#tick(nowMs);
    });
  }

  async #draw(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (!this.#disposed && this.#drawn !== this.#wanted) {
      const drawn = this.#drawn !== null && this.#drawn <= this.#wanted ? this.#drawn : null;
      const keyframe = this.#options.keyframe(this.#wanted);
      if (drawn === null || this.#isFarBehind(drawn, keyframe)) await this.#restart(keyframe);
      else await this.#drawSlice(drawn);
      this.store.setState({ drawing: this.#drawn !== this.#wanted });
    }
    this.#running = false;
  }

  #isFarBehind(drawn: number, keyframe: Keyframe | null): boolean {
    const { moments } = this.#options.timeline;
    if (keyframe === null || keyframe.count <= drawn) return false;
    return (moments[keyframe.count]?.offsetBytes ?? 0) - (moments[drawn]?.offsetBytes ?? 0) > JUMP_BYTES;
  }

  async #restart(keyframe: Keyframe | null): Promise<void> {
    const { sink, timeline } = this.#options;
    sink.reset();
    sink.resize(keyframe?.size ?? timeline.startSize);
    this.#drawn = keyframe?.count ?? 0;
    if (keyframe !== null) await written(sink, keyframe.picture);
  }

  async #drawSlice(from: number): Promise<void> {
    const { sink, timeline } = this.#options;
    const waiting: Promise<void>[] = [];
    let bytesLeft = SLICE_BYTES;
    let count = from;
    for (; count < this.#wanted && bytesLeft > 0; count += 1) {
      const moment = timeline.moments[count];
      if (moment?.bytes != null) {
        waiting.push(written(sink, moment.bytes));
        bytesLeft -= moment.bytes.length;
      }
      if (moment?.size != null) {
        // What was written for the size before must be on the screen first.
        await Promise.all(waiting);
        sink.resize(moment.size);
      }
    }
    this.#drawn = count;
    await Promise.all(waiting);
  }
}

function written(sink: PlayerScreenSink, bytes: Uint8Array | string): Promise<void> {
  return new Promise((resolve) => sink.write(bytes, resolve));
}
