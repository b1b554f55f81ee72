import { useContext, useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';
import { BoundActionsContext } from './bound-actions.ts';
import { KeyBindingsContext } from './key-bindings.ts';
import { WINDOW_NUMBER_CHORDS, keyRows } from './key-table.ts';
import type { KeyAction } from './key-table.ts';

export type KeyHandlers = Partial<Record<KeyAction, (event: KeyboardEvent) => void>>;

/** What is below an open dialog is not in the eye: these alone reach past one, all others would act on it unseen. */
const PAST_DIALOGS: ReadonlySet<KeyAction> = new Set([
  'lock',
  'switchClient',
  'launcher',
  'theme',
  'keys',
  'changeKeys',
]);

/** Bind rows of the key table while mounted and `enabled`. Handled keys go no further. */
export function useKeys(handlers: KeyHandlers, enabled = true): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  const palette = useContext(BoundActionsContext);
  const { chordsOf } = useContext(KeyBindingsContext);
  const actions = Object.keys(handlers).sort().join(' ');
  useEffect(() => {
    if (!enabled) return undefined;
    const bound = keyRows.filter(({ action }) => actions.split(' ').includes(action));
    const map = (everywhere: boolean) =>
      Object.fromEntries(
        bound
          .filter(({ scope }) => (scope === 'everywhere') === everywhere)
          .flatMap(({ action }) =>
            chordsOf(action).map((chord) => [
              chord,
              (event: KeyboardEvent) => {
                if (event.defaultPrevented) return;
                event.preventDefault();
                if (everywhere && isDialogOpen() && !PAST_DIALOGS.has(action)) return;
                latest.current[action]?.(event);
              },
            ]),
          ),
      );
    const unbind = [
      palette?.bind(
        new Map(
          bound.map(({ action }) => [action, () => latest.current[action]?.(new KeyboardEvent('keydown'))]),
        ),
      ),
      tinykeys(window, map(true), { ignore: (event) => event.isComposing }),
      tinykeys(window, map(false), { ignore: isTyping }),
    ];
    return () => {
      for (const stop of unbind) stop?.();
    };
  }, [actions, enabled, palette, chordsOf]);
}

/** Alt+1 … Alt+9, in fields and terminals too. */
export function useWindowNumbers(focus: (number: number) => void, enabled = true): void {
  const latest = useRef(focus);
  useEffect(() => {
    latest.current = focus;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    const map = WINDOW_NUMBER_CHORDS.map(({ number, chord }) => [
      chord,
      (event: KeyboardEvent) => {
        event.preventDefault();
        latest.current(number);
      },
    ]);
    return tinykeys(window, Object.fromEntries(map), { ignore: (event) => event.isComposing });
  }, [enabled]);
}

function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  if (event.isComposing || !(target instanceof HTMLElement)) return event.isComposing;
  // Ctrl+K and Escape mean the same inside a search field as outside it; a terminal keeps both.
  if (target.closest('[data-terminal]') !== null) return true;
  // A focused button has its own Enter and Space, chords aside; an open overlay has every bare key.
  if (!event.ctrlKey && target.closest('button') !== null && (event.key === 'Enter' || event.key === ' '))
    return true;
  if (isDialogOpen()) return true;
  if (event.ctrlKey || event.key === 'Escape') return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}
