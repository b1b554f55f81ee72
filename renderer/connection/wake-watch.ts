import type { Timers } from './socket.ts';

const LOOK_EVERY_MS = 2000;
/** Timers of a busy or hidden page are late too; those of a computer that slept are later. */
const SLEPT_MS = 4000;

/** Tells when the computer has slept: timers stand still meanwhile, and its clock does not. @returns a function that stops it */
export function watchForWake(timers: Timers, woke: () => void): () => void {
  let lookedAt = timers.now();
  let stop = (): void => undefined;
  const lookLater = (): void => {
    stop = timers.after(LOOK_EVERY_MS, () => {
      const late = timers.now() - lookedAt > LOOK_EVERY_MS + SLEPT_MS;
      lookedAt = timers.now();
      lookLater();
      if (late) woke();
    });
  };
  lookLater();
  return () => stop();
}
