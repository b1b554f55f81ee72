// How a silent line is noticed. A beat to a Workspace object is answered by the runtime itself, so that it is not
// woken; the time of an agent's last one is what its presence is read from. A session's object answers itself.

/** Text message of an agent or a console, and what the relay answers. */
export const BEAT = 'beat';
export const BEAT_ANSWER = 'heard';
/** From one answer to an agent's next beat. */
export const BEAT_EVERY_MS = 10_000;
/** A session's line that beats and was not heard of for longer is dead: a beat, and the time that its answer may take. */
export const LINE_SILENT_AFTER_MS = 15_000;
/** A machine that was not heard of for longer is away: two beats, and their time on the way. */
export const SILENT_AFTER_MS = 20_000;
