/** Cursor position, device attributes and status, modes: as a terminal answers them; and all strings, which nobody types. */
// oxlint-disable-next-line no-control-regex -- the escape character is what makes it one
const ANSWER = /^\u001B(?:\[[?>=]?[\d;]*(?:[Rcnt]|\$y)|[P\]_])/;

/** Is this what xterm says by itself because output asked for it, not a key? */
export function isAnswer(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1b && ANSWER.test(String.fromCharCode(...bytes.subarray(0, 64)));
}
