import { failedCommands } from './review-item.ts';
import type { Found, ReviewItem } from './review-item.ts';

export const FILTERS = ['all', 'exceptions', 'attempts', 'sessions'] as const;
export type Filter = (typeof FILTERS)[number];

/** Cards of that kind that hold every word: of a person, a machine, a command or a search. */
export function filtered(items: readonly ReviewItem[], filter: Filter, text: string): readonly ReviewItem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return items.filter((item) => {
    if (!passes(item, filter)) return false;
    if (words.length === 0) return true;
    const said = wordsOf(item).toLowerCase();
    return words.every((word) => said.includes(word));
  });
}

export function passes(item: ReviewItem, filter: Filter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'exceptions':
      return item.exception;
    case 'attempts':
      return item.kind === 'attempt';
    case 'sessions':
      return item.kind === 'session';
  }
}

function wordsOf(item: ReviewItem): string {
  switch (item.kind) {
    case 'attempt': {
      const { technician, machineName, queries } = item.attempt;
      return [technician.name, machineName ?? '', ...queries.map(({ query }) => query)].join(' ');
    }
    case 'key':
      return item.alert.machineName;
    case 'pastes':
      return `${item.stay.technician.name} paste`;
    case 'session': {
      const { technician, machineName, commands } = item.session;
      return [technician.name, machineName, ...commands.map(({ line }) => line)].join(' ');
    }
  }
}

/** The night in numbers. */
export interface NightSummary {
  readonly sessions: number;
  readonly attempts: number;
  readonly commands: number;
  readonly failed: number;
  readonly untrusted: number;
  readonly pastes: number;
  readonly gaps: number;
  /** Machines whose key was seen on two hosts. */
  readonly keys: number;
}

export function summaryOf({ sessions, attempts, pastes, keyAlerts }: Found): NightSummary {
  const commands = sessions.flatMap((session) => session.commands);
  const stopped = [
    ...sessions.map(({ blockedPastes }) => blockedPastes),
    ...pastes.map((stay) => stay.pastes),
  ];
  return {
    sessions: sessions.length,
    attempts: attempts.length,
    commands: commands.length,
    failed: sessions.reduce((sum, session) => sum + failedCommands(session), 0),
    untrusted: commands.filter(({ trusted }) => !trusted).length,
    pastes: stopped.flat().length,
    gaps: sessions.filter(({ exceptions }) => exceptions.includes('long_gap')).length,
    keys: keyAlerts.length,
  };
}
