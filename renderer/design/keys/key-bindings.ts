// Which keys are bound now: the table's, but for what a person has changed. Main keeps the changes and tells every
// window of them, in the form of the contract; here they are judged by the table, so that none is bound twice.
import { createContext } from 'react';
import { matchKeybindingPress, parseKeybinding } from 'tinykeys';
import type { KeyChanges, RebindableAction } from '#contract/key-changes.ts';
import { chordFault, isRebindable, onThisPlatform, ownerOf } from './key-chord.ts';
import type { ChordProblem } from './key-chord.ts';
import { WINDOW_NUMBER_CHORDS, chordsOf as tableChords, keyRows } from './key-table.ts';
import type { KeyAction } from './key-table.ts';

export interface KeyBindings {
  /** The one that is shown first. */
  readonly chordsOf: (action: KeyAction) => readonly string[];
  /** What holds of the changes. */
  readonly changes: KeyChanges;
  /** Actions of changes that do not: they have the keys of the table. */
  readonly refused: readonly string[];
  /** A terminal leaves these to the console, whatever runs in it. */
  readonly belongsToConsole: (event: KeyboardEvent) => boolean;
  /** Why the action cannot have that chord; null: it can. */
  readonly problemOf: (action: KeyAction, chord: string) => ChordProblem | null;
}

const everywhereActions: ReadonlySet<KeyAction> = new Set(
  keyRows.filter(({ scope }) => scope === 'everywhere').map(({ action }) => action),
);

export function createKeyBindings(wanted: Readonly<Record<string, string>>, mac: boolean): KeyBindings {
  const held = new Map<RebindableAction, string>();
  for (const [action, chord] of Object.entries(wanted))
    if (isRebindable(action) && chordFault(chord, mac) === null) held.set(action, chord);
  const chordsOf = (action: KeyAction): readonly string[] => {
    const changed = isRebindable(action) ? held.get(action) : undefined;
    if (changed !== undefined) return [changed];
    const chords = tableChords(action);
    return everywhereActions.has(action) ? chords.map((chord) => onThisPlatform(chord, mac)) : chords;
  };
  // One that gives way takes its old key back, which may be another's by now.
  for (let again = true; again;) {
    const double = [...held].find(([action, chord]) => ownerOf(chord, action, chordsOf) !== null);
    again = double !== undefined && held.delete(double[0]);
  }
  const changes = Object.fromEntries(held);
  const everywhere = [
    ...[...everywhereActions].flatMap(chordsOf),
    ...WINDOW_NUMBER_CHORDS.map(({ chord }) => chord),
  ].map((chord) => parseKeybinding(chord)[0]);
  return {
    chordsOf,
    changes,
    refused: Object.keys(wanted).filter((action) => !Object.hasOwn(changes, action)),
    belongsToConsole: (event) =>
      everywhere.some((press) => press !== undefined && matchKeybindingPress(event, press)),
    problemOf: (action, chord) => {
      const fault = chordFault(chord, mac);
      if (fault !== null) return fault;
      const owner = ownerOf(chord, action, chordsOf);
      return owner === null
        ? null
        : {
            code: 'key_taken',
            text: `That is the key of “${owner}”. Press another, or change that one first.`,
          };
    },
  };
}

/** Of a page without changes: the launcher, a warning, the gallery. */
export const KeyBindingsContext = createContext<KeyBindings>(createKeyBindings({}, false));
