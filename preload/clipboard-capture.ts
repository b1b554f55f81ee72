// Registered before any script of the page, so no page script can come first: it sees neither the clipboard
// of a paste nor the text of a drop, and what is copied here is known to main as this workspace's.
import { PASTE_REQUEST_EVENT } from '#contract/channels.ts';

type Call = (name: string, params?: unknown) => Promise<unknown>;
type On = (name: string, listener: (payload: unknown) => void) => () => void;
type TextField = HTMLInputElement | HTMLTextAreaElement;

const MIDDLE_BUTTON = 1;
const PASTING = new Set([
  'insertFromPaste',
  'insertFromPasteAsQuotation',
  'insertFromDrop',
  'insertFromYank',
]);

export function captureClipboard(window: Window, call: Call, on: On): void {
  // A field whose text main holds behind the warning: the release is inserted there.
  let waiting: TextField | null = null;

  const swallow = (event: Event): void => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const capture = <K extends keyof WindowEventMap>(
    name: K,
    handle: (event: WindowEventMap[K]) => void,
  ): void => window.addEventListener(name, handle, { capture: true });

  capture('paste', (event) => {
    swallow(event);
    if (event.isTrusted) void request(event.target);
  });
  capture('dragover', swallow);
  capture('drop', (event) => {
    swallow(event);
    if ((event.dataTransfer?.getData('text/plain') ?? '') !== '') refused('drop');
  });
  capture('beforeinput', (event) => {
    if (PASTING.has(event.inputType)) swallow(event);
  });
  for (const name of ['mousedown', 'mouseup', 'auxclick'] as const) {
    capture(name, (event) => {
      if (event.button !== MIDDLE_BUTTON) return;
      swallow(event);
      // What is selected elsewhere would have come in here.
      if (name === 'auxclick' && takesText(event.target)) refused('selection');
    });
  }
  /** Nobody knows where such a text was taken from, so none comes in; main has it audited. */
  const refused = (how: 'drop' | 'selection'): void => {
    call('clipboard.refused', { how }).catch(() => undefined);
  };
  for (const name of ['copy', 'cut'] as const) {
    // Last on the way up: a terminal has filled in its selection by then.
    window.addEventListener(name, (event) => {
      const text = event.clipboardData?.getData('text/plain') || selectedText(window, event.target);
      if (text !== '') call('clipboard.copy', { text }).catch(() => undefined);
    });
  }

  async function request(target: EventTarget | null): Promise<void> {
    const event = new CustomEvent(PASTE_REQUEST_EVENT, { bubbles: true, cancelable: true });
    waiting = null;
    if (target?.dispatchEvent(event) !== true || !isTextField(target)) return;
    const answer = await call('clipboard.paste', { intoTerminal: false });
    if (hasText(answer)) insert(target, answer.text);
    else waiting = target;
  }

  on('paste.releasedIntoField', (payload) => {
    const field = waiting;
    waiting = null;
    if (field !== null && hasText(payload)) insert(field, payload.text);
  });
}

function insert(field: TextField, text: string): void {
  field.focus();
  const oneLine = field instanceof HTMLInputElement ? text.replaceAll(/\s*\n\s*/g, ' ') : text;
  // Deprecated, and the only way that keeps the undo history and fires the events a page listens to.
  field.ownerDocument.execCommand('insertText', false, oneLine);
}

function selectedText(window: Window, target: EventTarget | null): string {
  if (isTextField(target)) return target.value.slice(target.selectionStart ?? 0, target.selectionEnd ?? 0);
  return window.getSelection()?.toString() ?? '';
}

/** Text that is pasted or dropped here would arrive. */
function takesText(target: EventTarget | null): boolean {
  return isTextField(target) || (target instanceof Element && target.closest('.xterm') !== null);
}

function isTextField(target: EventTarget | null): target is TextField {
  // A terminal's own input element sits in the terminal and takes no text from here.
  return (
    (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) &&
    target.closest('.xterm') === null
  );
}

function hasText(value: unknown): value is { text: string } {
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';
}
