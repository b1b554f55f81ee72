// What a paste may contain. A terminal obeys control characters, and an end-of-paste sequence inside a text
// would switch the shell's guard off: none of them survive here.

// C0 but tab and newline, DEL, C1 (8-bit escapes), what reorders text on the screen, and what takes no place there:
// fillers, joiners of nothing, tags.
const UNSAFE =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- such characters are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/gu;

/** Some scripts and emoji need them, so they stay; anywhere else they hide a difference. */
const JOINER = /\u200c|(?<!\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)\u200d/u;

/** Something in it takes no place on the screen, and may be there to deceive. */
export function hidesJoiner(text: string): boolean {
  return JOINER.test(text);
}

export interface SanitisedText {
  readonly text: string;
  /** What `text` was, its line ends alone changed: to show what was taken out. */
  readonly original: string;
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
    original: unified,
    lines: text.replace(/\n$/, '').split('\n').length,
    bytes: Buffer.byteLength(text, 'utf8'),
    controlChars: unified.length - text.length,
  };
}
