// Takes the marks of our shell hooks out of a pty's output, wherever reads may have split them.
// A mark is ESC ] 6973 ; <nonce> ; <body> BEL. What lacks the session's nonce is somebody else's and
// passes through untouched, so that no program can speak for the shell by printing. What has it is never passed on,
// broken or not (a Ctrl+C may have cut it short): the nonce is nobody else's to see.

export type ShellMark =
  /** The shell has read its init file. */
  | { readonly kind: 'loaded' }
  | {
      readonly kind: 'command';
      readonly line: string;
      /** False when the shell could not tell the line as typed. */
      readonly exact: boolean;
      readonly cwd: string;
      /** Epoch milliseconds by the shell; null where it has no such clock. */
      readonly at: number | null;
      /** Of the command before, which counts when no prompt came between. */
      readonly previousExitCode: number;
    }
  | {
      /** The prompt is drawn next. Exit code and end of what ran since the prompt before, if anything did. */
      readonly kind: 'prompt';
      readonly exitCode: number | null;
      readonly at: number | null;
      /** In place of `at` by a shell that has a stopwatch but no clock. */
      readonly durationMs: number | null;
    };

export type ShellOutput =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'mark'; readonly mark: ShellMark };

export interface MarkParser {
  /** Bytes (views of the chunk) and marks in order. The beginning of what may be a mark is held back, as a copy. */
  push(chunk: Uint8Array): readonly ShellOutput[];
  /** Gives up on what is held back and returns it as bytes. */
  release(): Uint8Array;
  readonly heldBytes: number;
}

const ESC = 0x1b;
const BEL = 0x07;
const BODY_MAX_BYTES = 192 * 1024;
const NONE = new Uint8Array(0);

export function createMarkParser(nonce: string): MarkParser {
  const prefix = Buffer.from(`\u001b]6973;${nonce};`, 'latin1');
  let held: Uint8Array = NONE;

  return {
    get heldBytes() {
      return held.length;
    },
    push(chunk) {
      const data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      held = NONE;
      const found: ShellOutput[] = [];
      let from = 0;
      const passUpTo = (to: number): void => {
        if (to > from) found.push({ kind: 'bytes', bytes: data.subarray(from, to) });
      };
      let at = data.indexOf(ESC);
      while (at !== -1) {
        const seen = lookForMark(data, at, prefix);
        if (seen.state === 'partial') {
          passUpTo(at);
          held = Uint8Array.prototype.slice.call(data, at);
          return found;
        }
        if (seen.state === 'mark') {
          passUpTo(at);
          if (seen.mark !== null) found.push({ kind: 'mark', mark: seen.mark });
          from = seen.end;
          at = data.indexOf(ESC, seen.end);
        } else {
          at = data.indexOf(ESC, at + 1);
        }
      }
      passUpTo(data.length);
      return found;
    },
    release() {
      const ours = held.length >= prefix.length;
      const bytes = ours ? held.subarray(prefix.length) : held;
      held = NONE;
      return bytes;
    },
  };
}

type Seen =
  | { readonly state: 'other' | 'partial' }
  /** Null: it has our nonce and cannot be read. */
  | { readonly state: 'mark'; readonly mark: ShellMark | null; readonly end: number };

function lookForMark(data: Uint8Array, at: number, prefix: Uint8Array): Seen {
  for (let i = 0; i < prefix.length; i += 1) {
    if (at + i === data.length) return { state: 'partial' };
    if (data[at + i] !== prefix[i]) return { state: 'other' };
  }
  const bodyAt = at + prefix.length;
  let end = bodyAt;
  // A body holds no control bytes: the hooks escape them.
  while (end < data.length && (data[end] ?? 0) >= 0x20 && data[end] !== 0x7f) end += 1;
  if (end - bodyAt > BODY_MAX_BYTES) return { state: 'mark', mark: null, end: bodyAt };
  if (end === data.length) return { state: 'partial' };
  if (data[end] !== BEL) return { state: 'mark', mark: null, end };
  const mark = decodeBody(Buffer.from(data.subarray(bodyAt, end)).toString('latin1'));
  return { state: 'mark', mark, end: end + 1 };
}

function decodeBody(body: string): ShellMark | null {
  const fields = body.split(';');
  const [kind, first, second, third, fourth, fifth] = fields;
  if (kind === 'R' && fields.length === 1) return { kind: 'loaded' };
  if (kind === 'P' && fields.length === 3) {
    if (first !== '' && decodeExitCode(first) === null) return null;
    const durationMs = /^\+\d{1,12}$/.test(second ?? '') ? Number(second) : null;
    return { kind: 'prompt', exitCode: decodeExitCode(first), at: decodeTime(second), durationMs };
  }
  const decode = decoders.get(kind ?? '');
  if (decode === undefined || fields.length !== 7 || (third !== '1' && third !== '0')) return null;
  const previousExitCode = decodeExitCode(second);
  const line = decode(fourth ?? '');
  const cwd = decode(fifth ?? '');
  if (previousExitCode === null || line === null || cwd === null) return null;
  return { kind: 'command', line, exact: third === '1', cwd, at: decodeTime(first), previousExitCode };
}

function decodeExitCode(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : null;
}

/** `1769212345.123456` (a locale may write a comma) to milliseconds. */
function decodeTime(text: string | undefined): number | null {
  const match = /^(?<s>\d{9,11})[.,](?<us>\d{6})$/.exec(text ?? '');
  return match?.groups === undefined
    ? null
    : Math.round(Number(match.groups['s']) * 1000 + Number(match.groups['us']) / 1000);
}

/** How a command's line and directory are written, by the kind of its mark: as the shell finds easiest. */
const decoders: ReadonlyMap<string, (text: string) => string | null> = new Map([
  ['C', decodeEscapes],
  ['U', decodeUrl],
  ['B', decodeBase64],
]);

/** `\\` and `\xHH`, bytes of UTF-8. */
function decodeEscapes(text: string): string {
  const bytes = text.replaceAll(
    /\\(?:x(?<hex>[0-9a-f]{2})|(?<backslash>\\))/g,
    (_all, hex: string | undefined) =>
      hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** `%HH`, bytes of UTF-8. */
function decodeUrl(text: string): string {
  const bytes = text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function decodeBase64(text: string): string | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : null;
}
