// What a paste may contain. A terminal obeys control characters, and an end-of-paste sequence inside a text
// would switch the shell's guard off: none of them survive here.

// C0 but tab and newline, DEL, C1 (8-bit escapes), and what reorders or hides text on the screen.
const UNSAFE =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

export interface SanitisedText {
  readonly text: string;
  /** Lines of `text`; a newline at the end opens no further one. */
  readonly lines: number;
  /** UTF-8 bytes of `text`. */
  readonly bytes: number;
  /** How many characters were taken out. */
  readonly controlChars: number;
}

/** Line ends become \n; everything unsafe goes. Doing it twice changes nothing more. */
export function sanitise(raw: string): SanitisedText {
  const unified = raw.replaceAll(/\r\n?|\u2028|\u2029/g, '\n');
  const text = unified.replaceAll(UNSAFE, '');
  return {
    text,
    lines: text.replace(/\n$/, '').split('\n').length,
    bytes: Buffer.byteLength(text, 'utf8'),
    controlChars: unified.length - text.length,
  };
}
