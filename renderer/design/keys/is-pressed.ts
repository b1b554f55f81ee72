import { matchKeybindingPress, parseKeybinding } from 'tinykeys';
import { chordsOf } from './key-table.ts';
import type { KeyAction } from './key-table.ts';

/** Is this the key of that action? For what takes its keys itself: a list inside an open dialog. */
export function isPressed(action: KeyAction, event: KeyboardEvent): boolean {
  return chordsOf(action)
    .map((chord) => parseKeybinding(chord)[0])
    .some((press) => press !== undefined && matchKeybindingPress(event, press));
}
