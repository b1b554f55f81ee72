// Keys that a person has put in place of the usual ones. What one client's page sends reaches the windows of all
// others, so it carries nothing but names and chords out of these lists.
import { z } from 'zod';

/** Keep their keys, and nothing else gets those: no habit of the hand may end, hand over or give away another thing. */
export const fixedChords = {
  lock: 'Control+Shift+KeyL',
  switchClient: 'Control+Shift+KeyS',
  copy: 'Control+Shift+KeyC',
  paste: 'Control+Shift+KeyV',
  closeSession: 'Control+Shift+KeyW',
  endRun: 'Control+Shift+KeyX',
  takeUp: 'Control+Shift+KeyU',
} as const;

/** They work over terminals and can get in the way of what runs there. */
export const rebindableActions = [
  'palette',
  'keys',
  'changeKeys',
  'policy',
  'stream',
  'launcher',
  'theme',
  'machines',
  'search',
  'runbooks',
  'review',
  'newSession',
  'nextTab',
  'previousTab',
  'splitRight',
  'splitDown',
  'paneLeft',
  'paneRight',
  'paneUp',
  'paneDown',
  'borderLeft',
  'borderRight',
  'borderUp',
  'borderDown',
  'zoomPane',
  'paneApart',
  'find',
  'selectLines',
  'scrollUp',
  'scrollDown',
  'fontLarger',
  'fontSmaller',
  'fontUsual',
  'loadSkipped',
] as const;
export type RebindableAction = (typeof rebindableActions)[number];

/** Keys of every keyboard, by their place; Enter and Esc answer questions. */
export const CHORD_KEY =
  /^(?:Key[A-Z]|Digit\d|F(?:[1-9]|1\d|2[0-4])|Arrow(?:Up|Down|Left|Right)|Numpad(?:\d|Add|Subtract|Multiply|Divide|Decimal)|Space|Tab|Home|End|PageUp|PageDown|Insert|Delete|Backspace|Slash|Backslash|Comma|Period|Semicolon|Quote|Backquote|Bracket(?:Left|Right)|Minus|Equal|IntlBackslash)$/;
/** Ctrl+Shift, on a Mac Command+Shift too: all others belong to what runs in a terminal. */
const MODIFIERS = new Set(
  ['Control+Shift', 'Control+Alt+Shift', 'Shift+Meta', 'Alt+Shift+Meta'].map((held) => `${held}+`),
);

/** The action that keeps this chord for itself, with Ctrl or with Command; null: none does. */
export function keeperOf(chord: string): keyof typeof fixedChords | null {
  const withControl = chord === `Shift+Meta+${keyOf(chord)}` ? `Control+Shift+${keyOf(chord)}` : chord;
  const found = Object.entries(fixedChords).find(([, fixed]) => fixed === withControl);
  return found === undefined ? null : (found[0] as keyof typeof fixedChords);
}

function keyOf(chord: string): string {
  return chord.slice(chord.lastIndexOf('+') + 1);
}

export const Chord = z
  .string()
  .max(40)
  .refine((chord) => {
    const key = keyOf(chord);
    return CHORD_KEY.test(key) && MODIFIERS.has(chord.slice(0, chord.length - key.length));
  })
  .refine((chord) => keeperOf(chord) === null);

/** Chords by action. Whether one is the usual one of another action is the pages' to judge, which have the table. */
export const KeyChanges = z
  .partialRecord(z.enum(rebindableActions), Chord)
  .refine((changes) => new Set(Object.values(changes)).size === Object.keys(changes).length);
export type KeyChanges = z.infer<typeof KeyChanges>;
