// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyChanges, fixedChords, rebindableActions } from '#contract/key-changes.ts';
import { createKeyBindings } from './key-bindings.ts';
import { chordOf, isRebindable, onThisPlatform } from './key-chord.ts';
import { WINDOW_NUMBER_CHORDS, keyRows } from './key-table.ts';

const press = (key: string, code: string, ...modifiers: ('ctrl' | 'shift' | 'alt' | 'meta')[]) =>
  new KeyboardEvent('keydown', {
    key,
    code,
    ...Object.fromEntries(modifiers.map((name) => [`${name}Key`, true])),
  });

describe('key bindings', () => {
  it('are the table’s, but for what was changed', () => {
    const bindings = createKeyBindings({ runbooks: 'Control+Shift+F9' }, false);
    expect(bindings.chordsOf('runbooks')).toEqual(['Control+Shift+F9']);
    expect(bindings.chordsOf('search')).toEqual(['Control+Shift+KeyK']);
    expect(bindings.belongsToConsole(press('F9', 'F9', 'ctrl', 'shift'))).toBe(true);
    // Its old key is the terminal's again.
    expect(bindings.belongsToConsole(press('R', 'KeyR', 'ctrl', 'shift'))).toBe(false);
  });

  it('take no key of a terminal, of a question or of the desktop, nor one that is taken', () => {
    const { problemOf } = createKeyBindings({}, false);
    for (const [chord, code] of [
      ['Control+KeyC', 'key_of_terminal'],
      ['KeyQ', 'key_of_terminal'],
      ['F5', 'key_of_terminal'],
      ['Shift+F5', 'key_of_terminal'],
      ['Alt+KeyB', 'key_of_terminal'],
      ['Control+Alt+KeyQ', 'key_of_terminal'],
      ['Alt+Digit1', 'key_of_terminal'],
      ['Enter', 'key_of_question'],
      ['Control+Shift+Enter', 'key_of_question'],
      ['Control+Shift+NumpadEnter', 'key_of_question'],
      ['Control+Shift+Escape', 'key_of_question'],
      ['Control+Shift+Meta+KeyQ', 'key_of_system'],
      ['Control+Shift+BrowserBack', 'key_of_system'],
      ['Control+Shift+KeyS', 'key_taken'],
      ['Control+Shift+KeyN', 'key_taken'],
    ] as const)
      expect(problemOf('runbooks', chord)?.code, chord).toBe(code);
    expect(problemOf('runbooks', 'Control+Shift+KeyS')?.text).toContain('Switch to another client');
    expect(
      ['Control+Shift+F9', 'Control+Alt+Shift+KeyL', 'Control+Shift+KeyR'].map((chord) =>
        problemOf('runbooks', chord),
      ),
    ).toEqual([null, null, null]);
  });

  it('are judged when they come out of a file, whatever it says', () => {
    const actions = fc.constantFrom(
      ...keyRows.map(({ action }) => action),
      'nonsense',
      '__proto__',
      'toString',
    );
    const chords = fc.oneof(
      fc.constantFrom(...keyRows.map(({ chord }) => chord), 'Control+Shift+F9', 'Control+Shift+F8', 'Enter'),
      fc.string({ maxLength: 20 }),
    );
    const usual = createKeyBindings({}, false);
    fc.assert(
      fc.property(fc.dictionary(actions, chords, { maxKeys: 12 }), (wanted) => {
        const { chordsOf, changes, refused } = createKeyBindings(wanted, false);
        const everywhere = keyRows
          .filter(({ scope }) => scope === 'everywhere')
          .flatMap(({ action }) => chordsOf(action));
        expect(new Set(everywhere).size).toBe(everywhere.length);
        expect(everywhere.filter((chord) => /Enter|Escape/.test(chord))).toEqual([]);
        expect(Object.keys(changes).length + refused.length).toBe(Object.keys(wanted).length);
        expect(KeyChanges.safeParse(changes).success).toBe(true);
        for (const { action } of keyRows)
          if (!isRebindable(action)) expect(chordsOf(action)).toEqual(usual.chordsOf(action));
      }),
      { numRuns: 500 },
    );
  });

  it('end nothing under another hand’s key', () => {
    for (const mac of [false, true])
      for (const [keeper, chord] of Object.entries(fixedChords)) {
        const { refused, problemOf } = createKeyBindings(
          { [keeper]: 'Control+Shift+F9', find: onThisPlatform(chord, mac) },
          mac,
        );
        expect(refused).toEqual([keeper, 'find']);
        expect(problemOf('find', onThisPlatform(chord, mac))?.code).toBe('key_taken');
      }
  });

  it('are all those that work everywhere, but for the ones that are kept', () => {
    expect([...rebindableActions, ...Object.keys(fixedChords)].sort()).toEqual(
      keyRows
        .filter(({ scope }) => scope === 'everywhere')
        .map(({ action }) => action)
        .sort(),
    );
  });

  it('may be swapped', () => {
    const swapped = { runbooks: 'Control+Shift+KeyE', review: 'Control+Shift+KeyR' };
    expect(createKeyBindings(swapped, false).changes).toEqual(swapped);
  });

  it('have Command on a Mac', () => {
    const { chordsOf, problemOf } = createKeyBindings({}, true);
    expect(chordsOf('lock')).toEqual(['Shift+Meta+KeyL']);
    expect(chordsOf('nextTab')).toEqual(['Control+Tab']);
    expect(problemOf('runbooks', 'Shift+Meta+KeyI')).toBeNull();
    expect(problemOf('runbooks', 'Meta+KeyQ')?.code).toBe('key_of_terminal');
  });
});

it('a chord is read by the place of its key', () => {
  expect(chordOf(press('Control', 'ControlLeft', 'ctrl'))).toBeNull();
  expect(chordOf(press('Ö', 'Semicolon', 'ctrl', 'shift'))).toBe('Control+Shift+Semicolon');
  expect(chordOf(press('l', 'KeyL', 'alt', 'ctrl'))).toBe('Control+Alt+KeyL');
});

it('the numbers of windows stay', () => {
  expect(
    WINDOW_NUMBER_CHORDS.every(
      ({ chord }) => createKeyBindings({ runbooks: chord }, false).refused.length === 1,
    ),
  ).toBe(true);
});
