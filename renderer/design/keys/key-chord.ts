// Chords in tinykeys' notation, modifiers always in the same order, keys by their place on the keyboard.
import { CHORD_KEY, Chord, keeperOf, rebindableActions } from '#contract/key-changes.ts';
import type { RebindableAction } from '#contract/key-changes.ts';
import type { KeyAction } from './key-table.ts';
import { WINDOW_NUMBER_CHORDS, keyRows, keyTable } from './key-table.ts';

const MODIFIERS = ['Control', 'Alt', 'Shift', 'Meta'] as const;
const MODIFIER_KEYS = new Set<string>([...MODIFIERS, 'AltGraph', 'CapsLock', 'Dead', 'Process', 'OS']);
/** What was pressed; null: only modifiers so far. */
export function chordOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'getModifierState'>): string | null {
  if (MODIFIER_KEYS.has(event.key)) return null;
  return [...MODIFIERS.filter((name) => event.getModifierState(name)), event.code].join('+');
}

/** On a Mac, Command stands where others have Ctrl; Ctrl+Tab is the same everywhere. */
export function onThisPlatform(chord: string, mac: boolean): string {
  return mac && chord.startsWith('Control+') && !chord.endsWith('Tab')
    ? inOrder(chord.replace('Control', 'Meta'))
    : chord;
}

function inOrder(chord: string): string {
  const parts = chord.split('+');
  return [...MODIFIERS.filter((name) => parts.includes(name)), parts.at(-1)].join('+');
}

/** Those that work over terminals and can get in the way of somebody's hands; none that ends something. */
export function isRebindable(action: string): action is RebindableAction {
  return rebindableActions.some((rebindable) => rebindable === action);
}

export interface ChordProblem {
  readonly code: 'key_of_question' | 'key_of_terminal' | 'key_of_system' | 'key_taken';
  readonly text: string;
}

/** Why no action can be given it, whatever else is bound; null: one can, if it is nobody's (`ownerOf`). */
export function chordFault(chord: string, mac: boolean): ChordProblem | null {
  const parts = chord.split('+');
  const key = parts.at(-1) ?? '';
  if (/^(?:Enter|NumpadEnter|Escape)$/.test(key))
    return {
      code: 'key_of_question',
      text: 'Enter and Esc answer sign-ins, warnings and questions, with any other key too. Press another.',
    };
  const has = (name: string) => parts.slice(0, -1).includes(name);
  if (has('Meta') && !mac)
    return {
      code: 'key_of_system',
      text: 'The desktop has the keys with Super. Press Ctrl+Shift and a key.',
    };
  if (!CHORD_KEY.test(key) || inOrder(chord) !== chord)
    return { code: 'key_of_system', text: 'That key is not on every keyboard. Press another.' };
  if (Chord.safeParse(chord).success || keeperOf(chord) !== null) return null;
  return {
    code: 'key_of_terminal',
    text: has('Alt')
      ? 'Alt, alone or as AltGr, belongs to what runs in a terminal. Press Ctrl+Shift and a key.'
      : 'A key without Ctrl+Shift belongs to what runs in a terminal. Press Ctrl+Shift and a key.',
  };
}

/** The other action that has the chord; null: it is free. */
export function ownerOf(
  chord: string,
  action: KeyAction,
  chordsOf: (action: KeyAction) => readonly string[],
): string | null {
  const number = WINDOW_NUMBER_CHORDS.find((window) => window.chord === chord);
  if (number !== undefined) return `Window ${number.number}`;
  const keeper = keeperOf(chord);
  if (keeper !== null) return keyTable[keeper].does;
  const row = keyRows.find((other) => other.action !== action && chordsOf(other.action).includes(chord));
  return row === undefined ? null : keyTable[row.action].does;
}
