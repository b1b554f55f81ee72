// The lines of an evidence file, read strictly: a line that is not byte for byte what a relay writes is none.

export interface Header {
  readonly type: 'header';
  readonly edition: 'reviewer' | 'client';
  readonly org_id: string;
  readonly origin: string;
  readonly from_seq: number;
  readonly to_seq: number;
  readonly tree_size: number;
  readonly keys: readonly string[];
}

export interface SealedLine {
  readonly type: 'sealed';
  readonly seq: number;
  readonly at: readonly (string | number)[];
  readonly salt: string | null;
  readonly text: string | null;
}

export type FileLine =
  | Header
  | SealedLine
  | { readonly type: 'left' | 'right'; readonly hashes: readonly Buffer[] }
  | { readonly type: 'checkpoint'; readonly note: string }
  | {
      readonly type: 'consistency';
      readonly from_size: number;
      readonly to_size: number;
      readonly hashes: readonly Buffer[];
    }
  | { readonly type: 'end'; readonly events: number; readonly sealed: number; readonly checkpoints: number };

export interface Event {
  readonly event: string;
  readonly seq: number;
  readonly at: number;
  readonly org_id: string;
  readonly [field: string]: unknown;
}

const TYPED = Buffer.from('{"type":"');

/** An event's exact public line never begins with a type. */
export function isEvent(line: Uint8Array): boolean {
  return !TYPED.equals(line.subarray(0, TYPED.length));
}

/** Null for anything but an event. */
export function readEvent(line: Buffer): Event | null {
  const value = parse(line);
  if (value === null) return null;
  const { event, seq, at, org_id: org, v } = value;
  if (typeof event !== 'string' || !isCount(seq) || !isCount(at) || typeof org !== 'string' || v !== 1)
    return null;
  return { ...value, event, seq, at, org_id: org };
}

/** Null for anything but one of the file's own lines. */
export function readFileLine(line: Buffer): FileLine | null {
  const value = parse(line);
  if (value === null || JSON.stringify(value) !== line.toString('utf8')) return null;
  switch (value['type']) {
    case 'header':
      return readHeader(value);
    case 'left':
    case 'right': {
      const hashes = hashesOf(value['hashes']);
      return hashes === null || !hasKeys(value, 'type hashes') ? null : { type: value['type'], hashes };
    }
    case 'sealed':
      return readSealed(value);
    case 'checkpoint':
      return typeof value['note'] === 'string' && hasKeys(value, 'type note')
        ? { type: 'checkpoint', note: value['note'] }
        : null;
    case 'consistency': {
      const { from_size: from, to_size: to } = value;
      const hashes = hashesOf(value['hashes']);
      if (!isCount(from) || !isCount(to) || hashes === null) return null;
      if (!hasKeys(value, 'type from_size to_size hashes')) return null;
      return { type: 'consistency', from_size: from, to_size: to, hashes };
    }
    case 'end': {
      const { events, sealed, checkpoints } = value;
      if (!isCount(events) || !isCount(sealed) || !isCount(checkpoints)) return null;
      return hasKeys(value, 'type events sealed checkpoints')
        ? { type: 'end', events, sealed, checkpoints }
        : null;
    }
    default:
      return null;
  }
}

function readHeader(value: Readonly<Record<string, unknown>>): Header | null {
  const {
    format,
    v,
    edition,
    org_id: org,
    origin,
    from_seq: from,
    to_seq: to,
    tree_size: size,
    keys,
  } = value;
  if (format !== 'caisey-evidence' || v !== 1 || (edition !== 'reviewer' && edition !== 'client'))
    return null;
  if (typeof org !== 'string' || typeof origin !== 'string' || !isCount(from) || !isCount(to)) return null;
  if (!isCount(size) || !Array.isArray(keys) || !keys.every((key) => typeof key === 'string')) return null;
  if (!hasKeys(value, 'type format v edition org_id origin from_seq to_seq tree_size keys')) return null;
  return { type: 'header', edition, org_id: org, origin, from_seq: from, to_seq: to, tree_size: size, keys };
}

function readSealed(value: Readonly<Record<string, unknown>>): SealedLine | null {
  const { seq, at, salt, text } = value;
  if (!isCount(seq) || !Array.isArray(at) || !hasKeys(value, 'type seq at salt text')) return null;
  const path = at.filter((step): step is string | number => typeof step === 'string' || isCount(step));
  if (path.length !== at.length) return null;
  if (salt === null && text === null) return { type: 'sealed', seq, at: path, salt, text };
  if (typeof salt !== 'string' || typeof text !== 'string' || !/^[0-9a-f]{32}$/.test(salt)) return null;
  return { type: 'sealed', seq, at: path, salt, text };
}

function parse(line: Buffer): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function hashesOf(value: unknown): Buffer[] | null {
  if (!Array.isArray(value)) return null;
  const hashes = value.map((text: unknown) => Buffer.from(typeof text === 'string' ? text : '', 'base64'));
  return hashes.every((hash, index) => hash.length === 32 && hash.toString('base64') === value[index])
    ? hashes
    : null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function hasKeys(value: object, names: string): boolean {
  return Object.keys(value).join(' ') === names;
}
