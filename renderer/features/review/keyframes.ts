// Screens at places of a long recording: a seek draws the one before its target and goes on from there, where a
// terminal could otherwise only be played from the start. Made in the background, as far ahead as it has come.
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { Timeline } from './recording-timeline.ts';

export interface Keyframe {
  /** Moments that are in the picture. */
  readonly count: number;
  readonly size: TerminalSize;
  /** What draws it on a terminal that was reset. */
  readonly picture: string;
}

/** Output between two of them, and more where a sequence or a character is cut: about what a seek has to draw. */
const EVERY_BYTES = 512 * 1024;

export interface ParsedAhead {
  readonly size: TerminalSize;
  write: (bytes: Uint8Array) => Promise<void>;
  resize: (size: TerminalSize) => void;
  /** Null in the middle of a sequence. */
  picture: () => string | null;
}

export class Keyframes {
  readonly #frames: Keyframe[] = [];

  /** The last one that holds no more than `count` moments; null: play from the start. */
  before(count: number): Keyframe | null {
    return this.#frames.findLast((frame) => frame.count <= count) ?? null;
  }

  /** Parse the whole recording; ends early when aborted. */
  async build({ moments }: Timeline, terminal: ParsedAhead, signal: AbortSignal): Promise<void> {
    let sinceBytes = 0;
    for (const [index, { bytes, size }] of moments.entries()) {
      if (signal.aborted) return;
      if (size !== null) terminal.resize(size);
      if (bytes === null) continue;
      await terminal.write(bytes);
      sinceBytes += bytes.length;
      if (sinceBytes < EVERY_BYTES || endsWithinCharacter(bytes)) continue;
      const picture = terminal.picture();
      if (picture === null) continue;
      this.#frames.push({ count: index + 1, size: terminal.size, picture });
      sinceBytes = 0;
    }
  }
}

/** Of UTF-8, as far as it matters: anything but ASCII may go on. */
function endsWithinCharacter(bytes: Uint8Array): boolean {
  return (bytes.at(-1) ?? 0) >= 0x80;
}
