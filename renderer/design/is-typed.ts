/**
 * What cannot be undone is typed, so that it was read. A paste reaches a field by way of main, as text that is put
 * in; what tells it from typing is that it comes at once.
 */
export function isTyped(before: string, after: string, event: Event): boolean {
  const composed = event instanceof InputEvent && event.inputType === 'insertCompositionText';
  return composed || after.length - before.length <= 2;
}
