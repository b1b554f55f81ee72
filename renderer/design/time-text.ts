// Times and amounts as people read them. `now` is passed in: a component that shows age re-renders by its own clock.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", "3 min ago", "yesterday", "12 Nov". */
export function agoText(atMs: number, nowMs: number): string {
  const age = nowMs - atMs;
  if (age < 20 * SECOND) return 'just now';
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s ago`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
  if (age < 2 * DAY) return 'yesterday';
  return dayText(atMs);
}

export function clockText(atMs: number, seconds = false): string {
  return new Date(atMs).toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  });
}

export function dayText(atMs: number): string {
  return new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}

/** "480 ms", "3.2 s", "4 min 07 s", "2 h 05 min". */
export function durationText(durationMs: number): string {
  if (durationMs < SECOND) return `${Math.round(durationMs)} ms`;
  if (durationMs < 10 * SECOND) return `${(durationMs / SECOND).toFixed(1)} s`;
  if (durationMs < MINUTE) return `${Math.round(durationMs / SECOND)} s`;
  const two = (value: number) => String(value).padStart(2, '0');
  if (durationMs < HOUR) {
    const seconds = Math.round(durationMs / SECOND);
    return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  }
  const minutes = Math.round(durationMs / MINUTE);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}

export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
