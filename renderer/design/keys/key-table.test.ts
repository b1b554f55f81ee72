// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { WINDOW_NUMBER_CHORDS, chordsOf, keyRows } from './key-table.ts';
import type { KeyScope } from './key-row.ts';
import { createKeyBindings } from './key-bindings.ts';

/** Scopes whose keys are alive at the same time. `ended`: a session that takes no more input. */
const together: readonly (readonly KeyScope[])[] = [
  ['everywhere', 'workspace', 'search', 'machines'],
  ['everywhere', 'workspace', 'search', 'card'],
  ['everywhere', 'workspace', 'review'],
  ['everywhere', 'workspace', 'player'],
  ['everywhere', 'workspace', 'search', 'runbooks'],
  ['everywhere', 'workspace', 'search', 'ended'],
  ['launcher'],
  ['add', 'sign_in'],
  ['everywhere', 'sign_in'],
  ['paste'],
  ['import'],
];
const { belongsToConsole } = createKeyBindings({}, false);
const spelled = (chord: string) => chord.replace('Key', '').toLowerCase();

describe('key table', () => {
  it.each(together)('has no chord twice where %s %s %s %s are alive', (...scopes) => {
    const chords = keyRows
      .filter(({ scope }) => scopes.includes(scope))
      .flatMap(({ action }) => chordsOf(action))
      .concat(scopes.includes('everywhere') ? WINDOW_NUMBER_CHORDS.map(({ chord }) => chord) : [])
      .map(spelled);
    expect(chords.filter((chord, index) => chords.indexOf(chord) !== index)).toEqual([]);
  });

  it('takes nothing from a terminal that a shell or a program in it needs', () => {
    const shells = 'abcdefghijklmnopqrstuvwxyz'
      .split('')
      .map((key) => ({ key, code: `Key${key.toUpperCase()}`, ctrlKey: true }));
    const others = ['Enter', 'Escape', 'Tab', 'ArrowUp', 'PageUp', '/', '?'].map((key) => ({ key }));
    for (const key of [...shells, ...others]) {
      expect(belongsToConsole(new KeyboardEvent('keydown', key)), JSON.stringify(key)).toBe(false);
    }
    expect(
      belongsToConsole(
        new KeyboardEvent('keydown', { key: 'L', code: 'KeyL', ctrlKey: true, shiftKey: true }),
      ),
    ).toBe(true);
  });
});
