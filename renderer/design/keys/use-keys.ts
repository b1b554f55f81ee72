import { useContext, useEffect, useRef } from 'react';
import { tinykeys } from 'tinykeys';
import { useEnterDoes } from '../enter/enter-keys.ts';
import { BoundActionsContext } from './bound-actions.ts';
import { KeyBindingsContext } from './key-bindings.ts';
import { WINDOW_NUMBER_CHORDS, keyRows } from './key-table.ts';
import type { EnterAction, KeyAction } from './key-table.ts';

type KeyHandler = (event: KeyboardEvent) => void;
/** Nobody binds Enter without saying what it does, which the foot of the window shows. */
interface EnterHandler {
  /** In words that name what it does it to; null: nothing now. */
  readonly does: string | null;
  readonly run: () => void;
}

export type KeyHandlers = Partial<
  Record<Exclude<KeyAction, EnterAction>, KeyHandler> & Record<EnterAction, EnterHandler>
>;

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
  useEnterDoes(enabled ? enterDoes(handlers) : undefined);
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
          .flatMap(({ action, repeats }) =>
            chordsOf(action).map((chord) => [
              chord,
              (event: KeyboardEvent) => {
                if (event.defaultPrevented) return;
                event.preventDefault();
                if (event.repeat && repeats !== true) return;
                if (everywhere && isDialogOpen() && !PAST_DIALOGS.has(action)) return;
                run(latest.current[action], event);
              },
            ]),
          ),
      );
    const unbind = [
      palette?.bind(
        new Map(
          bound.map(({ action }) => [
            action,
            () => run(latest.current[action], new KeyboardEvent('keydown')),
          ]),
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

function run(handler: KeyHandler | EnterHandler | undefined, event: KeyboardEvent): void {
  if (typeof handler === 'function') handler(event);
  else handler?.run();
}

/** Undefined: none of them is Enter's. */
function enterDoes(handlers: KeyHandlers): string | null | undefined {
  for (const handler of Object.values(handlers)) if (typeof handler === 'object') return handler.does;
  return undefined;
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
