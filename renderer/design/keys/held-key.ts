// A key held down belongs to where it went down. Somebody who rests on Enter opens a card: not its session as well,
// and nothing is typed into the shell that comes up under the finger.

const FIELD = 'input, textarea, select';

/**
 * Keep the repeats of a held key from what has come under it meanwhile, and from pressing the same thing again.
 * @param page its window, before anything else listens there
 */
export function keepHeldKeys(page: Window): void {
  /** Where each key that is down went down, by its place on the keyboard. */
  const pressed = new Map<string, EventTarget | null>();
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.repeat) {
      pressed.set(event.code, event.target);
      return;
    }
    const { key, target } = event;
    const here = pressed.get(event.code) === target;
    if (key === 'Enter' ? here && isWritten(target) : here || !takesText(key, target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  page.addEventListener('keydown', onKeyDown, { capture: true });
  page.addEventListener('keyup', ({ code }) => pressed.delete(code), { capture: true });
  // Its end is told to the window that has the keyboard by then.
  page.addEventListener('blur', () => pressed.clear());
}

/** Enter makes a line there; elsewhere it does something. */
function isWritten(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('textarea');
}

/** Held Tab goes on from field to field, and arrows from row to row; characters would be written. */
function takesText(key: string, target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return isTerminal(target) || (key.length === 1 && target.matches(FIELD));
}

function isTerminal(target: Element): boolean {
  return target.closest('[data-terminal]') !== null;
}
