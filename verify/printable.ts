/**
 * The text as a terminal may show it. A file that proves nothing can hold anything: what it says must move no cursor,
 * erase no verdict and turn no line around.
 */
export function printable(text: string): string {
  return text.replace(/[^\n\P{C}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}
