// What Enter does, read from where the focus is: a button is pressed, a form is sent by its button, and what handles
// Enter itself says so in `data-enter`. Where none of these has it, the keys of the page do.
export const NOTHING = 'does nothing here';

/** @param bound what the page's keys do, the newest last @returns what follows the word Enter */
export function enterText(at: Element | null, bound: readonly (string | null)[]): string {
  const own = at instanceof HTMLElement ? ownText(at) : null;
  return own ?? bound.at(-1) ?? NOTHING;
}

/** Null: Enter is not this element's. */
function ownText(at: HTMLElement): string | null {
  const button = at.closest('button');
  if (button !== null) return buttonText(button);
  const said = at.closest<HTMLElement>('[data-enter]')?.dataset['enter'];
  if (said !== undefined) return said;
  if (at.matches('textarea')) return 'begins a new line';
  if (at instanceof HTMLInputElement || at instanceof HTMLSelectElement) {
    const send = at.form?.querySelector<HTMLButtonElement>('[type="submit"]') ?? null;
    return send === null ? NOTHING : buttonText(send);
  }
  // No key of the page reaches past an open dialog.
  return at.closest('dialog') === null ? null : NOTHING;
}

function buttonText(button: HTMLButtonElement): string {
  const { enter, waits } = button.dataset;
  if (button.disabled) return waits === undefined ? 'does nothing yet' : `does nothing until ${waits}`;
  return enter ?? `presses “${labelOf(button)}”`;
}

/** Without the keys that are drawn in it. */
function labelOf(button: HTMLButtonElement): string {
  const parts = [...button.childNodes].filter(({ nodeName }) => nodeName !== 'KBD');
  const text = parts.map(({ textContent }) => textContent?.trim() ?? '').filter((part) => part !== '');
  return text.length > 0 ? text.join(' ') : (button.ariaLabel ?? '');
}
