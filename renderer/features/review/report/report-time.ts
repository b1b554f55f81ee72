// Times on paper: whoever reads them is elsewhere, and later. Each has its day; the page says once of which zone.
import { clockText, dayText } from '../../../design/time-text.ts';

export function spanText(fromMs: number, toMs: number | null): string {
  const from = `${dayText(fromMs)} ${clockText(fromMs)}`;
  if (toMs === null) return `${from} – still open`;
  const day = dayText(toMs) === dayText(fromMs) ? '' : `${dayText(toMs)} `;
  return `${from} – ${day}${clockText(toMs)}`;
}

/** "24 November 2026, 02:31:07". */
export function momentText(atMs: number): string {
  const day = new Date(atMs).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  return `${day}, ${clockText(atMs, true)}`;
}

/** Which times these are; both offsets where the clocks were changed in between. */
export function zoneText(fromMs: number, toMs: number): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const offsets = [...new Set([offsetText(fromMs), offsetText(toMs)])].join(', then ');
  const iso = (atMs: number) => `${new Date(atMs).toISOString().slice(0, 16)}Z`;
  return `Times are ${timeZone === 'UTC' ? offsets : `${timeZone} (${offsets})`}. In UTC this is ${iso(fromMs)} to ${iso(toMs)}.`;
}

function offsetText(atMs: number): string {
  const minutes = -new Date(atMs).getTimezoneOffset();
  if (minutes === 0) return 'UTC';
  const two = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
