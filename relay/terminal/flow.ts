// How far output may flow and what may be forgotten, from offsets alone: the same on any connection.
import { CREDIT_WINDOW_BYTES } from '#protocol/frame/frame.ts';

export interface OutputOffsets {
  /** Written to the recording. */
  readonly committedBytes: number;
  /** Drawn by the attached console; null without one. May be ahead of a relay that was killed. */
  readonly consoleAckBytes: number | null;
  /** Beyond what is safe, output may be on its way. */
  readonly windowBytes: number;
}

/** Output below here is safe at every place that needs it. */
export function freeBelow({ committedBytes, consoleAckBytes }: Omit<OutputOffsets, 'windowBytes'>): number {
  return consoleAckBytes === null ? committedBytes : Math.min(consoleAckBytes, committedBytes);
}

/**
 * How far the agent may send. With a console, its drawing sets the pace; without one, the recorder does.
 * The recorder always bounds it: what cannot be recorded does not flow.
 */
export function creditUpTo(offsets: OutputOffsets): number {
  return freeBelow(offsets) + offsets.windowBytes;
}

const WORTH_A_FRAME_BYTES = 16 * 1024;

/** Is a new credit worth a frame? Always when the agent is about to run dry. */
export function worthSending(newBytes: number, sentBytes: number, receivedBytes: number): boolean {
  if (newBytes <= sentBytes) return false;
  return newBytes - sentBytes >= WORTH_A_FRAME_BYTES || sentBytes - receivedBytes < CREDIT_WINDOW_BYTES / 2;
}
