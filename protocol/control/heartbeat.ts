// How a silent line is noticed. The agent's beat is answered by the runtime itself, so that a sleeping
// Workspace object is not woken; the time of the last one is what its presence is read from.

/** Text message of the agent, and what the relay answers. */
export const BEAT = 'beat';
export const BEAT_ANSWER = 'heard';
/** From one answer to the next beat. */
export const BEAT_EVERY_MS = 10_000;
/** A machine that was not heard of for longer is away: two beats, and their time on the way. */
export const SILENT_AFTER_MS = 20_000;
