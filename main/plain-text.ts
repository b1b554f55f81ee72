// Controls, line separators and everything that reorders or hides text.
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A name as it may stand in a title or beside other names. */
export function plainText(text: string): string {
  return text.replaceAll(UNSAFE, '').trim();
}
