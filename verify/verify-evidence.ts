// Reads an evidence file once, from top to bottom, and stops at the first doubt. docs/evidence.md says the
// same in words.
import { doubt } from './doubt.ts';
import type { Doubt } from './doubt.ts';
import { isEvent, readEvent, readFileLine } from './evidence-lines.ts';
import type { Event, FileLine, Header } from './evidence-lines.ts';
import { holds, readCheckpoint, readVerifierKey } from './note.ts';
import type { Checkpoint, VerifierKey } from './note.ts';
import { readSealedText, saltedHashes } from './sealed-texts.ts';
import { GrowingTree, leafHash, perfectWidths, rootsOfProof } from './tree.ts';

export interface Trust {
  /** The workspace's keys, from another way than the file. */
  readonly keys: readonly VerifierKey[];
  /** A checkpoint of this workspace that was kept elsewhere. */
  readonly lastSeen: Checkpoint | null;
  /** Each must have co-signed the covering checkpoint or `lastSeen`. */
  readonly witnesses: readonly VerifierKey[];
}

export interface Proven {
  readonly ok: true;
  readonly header: Header;
  /** The newest checkpoint; it covers every event of the file. */
  readonly covering: Checkpoint;
  readonly checkpoints: number;
  readonly texts: number;
  readonly erasedTexts: number;
  /** An event of the file says that all before the range was removed, and named the tree over it; null: none does. */
  readonly removal: Removal | null;
  /** Key whose signature under `covering` you trust. */
  readonly signedBy: VerifierKey;
}

export interface Removal {
  /** Of the event that says so. */
  readonly seq: number;
  /** What is older was removed, epoch ms. */
  readonly before: number;
}

export type Verdict = Proven | { readonly ok: false; readonly doubt: Doubt };

interface Reading {
  readonly trust: Trust;
  readonly header: Header;
  readonly listedKeys: readonly VerifierKey[];
  readonly tree: GrowingTree;
  part: 'left' | 'events' | 'right' | 'end';
  event: Event | null;
  /** Salted hashes of `event` that no text was given for yet, by path. */
  awaited: Map<string, string>;
  covering: Checkpoint | null;
  /** The tree head over all that stands before the range. */
  leftRoot: string;
  removal: Removal | null;
  readonly usedKeys: Set<VerifierKey>;
  /** Roots of the checkpoints in the file, by size, base64. */
  readonly roots: Map<number, string>;
  /** Sizes of checkpoints that an event of the file names. */
  readonly named: Set<number>;
  events: number;
  texts: number;
  erasedTexts: number;
  seenIsProven: boolean;
  finished: boolean;
}

/** @param lines each without its line break; the last one must have had one */
export function verifyEvidence(lines: Iterable<Buffer>, trust: Trust): Verdict {
  let reading: Reading | null = null;
  let number = 0;
  for (const line of lines) {
    number += 1;
    const found: Doubt | Reading | null = reading === null ? begin(line, trust) : take(reading, line, number);
    if (found !== null && 'code' in found) return { ok: false, doubt: found };
    reading ??= found;
  }
  if (reading?.finished !== true) {
    return { ok: false, doubt: doubt('file_incomplete', `The file stops after line ${number}.`) };
  }
  return conclude(reading);
}

function begin(line: Buffer, trust: Trust): Doubt | Reading {
  const header = isEvent(line) ? null : readFileLine(line);
  if (header?.type !== 'header') return doubt('line_invalid', 'The first line is no header of evidence.', 1);
  const listedKeys = header.keys.map(readVerifierKey);
  if (header.origin !== `caisey.audit/${header.org_id}`) {
    return doubt('header_differs', 'The origin names another workspace than the header.', 1);
  }
  if (
    !listedKeys.every((key) => key?.name === header.origin) ||
    new Set(header.keys).size !== header.keys.length
  ) {
    return doubt('header_differs', 'The header lists keys that are not this workspace’s.', 1);
  }
  if (header.from_seq < 1 || header.to_seq < header.from_seq || header.tree_size < header.to_seq) {
    return doubt('header_differs', 'The range in the header is none.', 1);
  }
  return {
    trust,
    header,
    listedKeys: listedKeys.filter((key) => key !== null),
    tree: new GrowingTree(),
    part: 'left',
    event: null,
    awaited: new Map(),
    covering: null,
    leftRoot: '',
    removal: null,
    usedKeys: new Set(),
    roots: new Map(),
    named: new Set(),
    events: 0,
    texts: 0,
    erasedTexts: 0,
    seenIsProven: false,
    finished: false,
  };
}

function take(reading: Reading, line: Buffer, number: number): Doubt | null {
  if (reading.finished) return doubt('line_invalid', 'Something stands behind the end.', number);
  if (isEvent(line)) return takeEvent(reading, line, number);
  const read = readFileLine(line);
  if (read === null) return doubt('line_invalid', 'This line is none of an evidence file.', number);
  if (read.type !== 'sealed') {
    const missing = missingText(reading, number);
    if (missing !== null) return missing;
  }
  return takeFileLine(reading, read, number);
}

function takeEvent(reading: Reading, line: Buffer, number: number): Doubt | null {
  const { header, tree } = reading;
  const missing = missingText(reading, number);
  if (missing !== null) return missing;
  if (reading.part !== 'events') return doubt('line_invalid', 'An event stands where none may.', number);
  const event = readEvent(line);
  if (event === null) return doubt('line_invalid', 'This line is no event.', number);
  const seq = tree.size + 1;
  if (event.seq !== seq || seq > header.to_seq) {
    return doubt('seq_gap', `Event ${event.seq} stands where event ${seq} belongs.`, number);
  }
  if (event.org_id !== header.org_id)
    return doubt('header_differs', 'An event of another workspace.', number);
  tree.push(1, leafHash(line));
  reading.events += 1;
  reading.event = event;
  reading.awaited = header.edition === 'reviewer' ? saltedHashes(event) : new Map();
  return (
    compareSeen(reading, number) ?? checkNamed(reading, event, number) ?? checkRemoval(reading, event, number)
  );
}

function takeFileLine(reading: Reading, line: FileLine, number: number): Doubt | null {
  const { header, tree } = reading;
  const outOfPlace = doubt('line_invalid', `A line of type ${line.type} stands where none may.`, number);
  switch (line.type) {
    case 'header':
      return outOfPlace;
    case 'left':
      if (reading.part !== 'left') return outOfPlace;
      reading.part = 'events';
      return pushLeft(reading, line.hashes, number);
    case 'sealed': {
      if (reading.part !== 'events' || header.edition !== 'reviewer') return outOfPlace;
      const found = readSealedText(line, reading.event, reading.awaited, number);
      if (found === 'erased') reading.erasedTexts += 1;
      else if (found === 'shown') reading.texts += 1;
      else return found;
      return null;
    }
    case 'checkpoint':
      // After the events only the one that covers them may follow, once their rest of the tree is known.
      if (reading.part !== 'events' && (reading.part !== 'right' || reading.covering !== null))
        return outOfPlace;
      return takeCheckpoint(reading, line.note, number);
    case 'right':
      if (reading.part !== 'events' || tree.size !== header.to_seq) {
        return doubt('seq_gap', `The events end with ${tree.size}, not with ${header.to_seq}.`, number);
      }
      reading.part = 'right';
      return pushAll(reading, line.hashes, header.to_seq, header.tree_size, number);
    case 'consistency':
      if (reading.part !== 'right' || reading.covering === null) return outOfPlace;
      reading.part = 'end';
      return takeConsistency(reading, line, number);
    case 'end': {
      if ((reading.part !== 'right' && reading.part !== 'end') || reading.covering === null)
        return outOfPlace;
      reading.finished = true;
      const sealed = reading.texts + reading.erasedTexts;
      return line.events === reading.events &&
        line.sealed === sealed &&
        line.checkpoints === reading.roots.size
        ? null
        : doubt('file_incomplete', 'The end counts other lines than there are.', number);
    }
  }
}

function pushLeft(reading: Reading, hashes: readonly Buffer[], number: number): Doubt | null {
  const found = pushAll(reading, hashes, 0, reading.header.from_seq - 1, number);
  if (found === null) reading.leftRoot = reading.tree.root().toString('base64');
  return found;
}

function pushAll(
  reading: Reading,
  hashes: readonly Buffer[],
  from: number,
  to: number,
  number: number,
): Doubt | null {
  const widths = perfectWidths(from, to);
  if (widths.length !== hashes.length) {
    return doubt('line_invalid', `${widths.length} hashes belong here, not ${hashes.length}.`, number);
  }
  for (const [index, hash] of hashes.entries()) reading.tree.push(widths[index] ?? 0, hash);
  return compareSeen(reading, number);
}

function takeCheckpoint(reading: Reading, note: string, number: number): Doubt | null {
  const { header, tree, trust, listedKeys } = reading;
  const checkpoint = readCheckpoint(note);
  if (checkpoint?.origin !== header.origin || checkpoint.size !== tree.size) {
    return doubt(
      'checkpoint_invalid',
      `This is no checkpoint of this workspace over ${tree.size} events.`,
      number,
    );
  }
  if (reading.roots.has(checkpoint.size)) return doubt('line_invalid', 'The same checkpoint twice.', number);
  if (!checkpoint.root.equals(tree.root())) {
    return doubt('root_differs', `The events up to ${tree.size} are not those of their checkpoint.`, number);
  }
  const known = [...listedKeys, ...trust.keys, ...trust.witnesses];
  for (const signature of checkpoint.signatures) {
    const key = known.find(({ name, hash }) => name === signature.name && hash === signature.hash);
    if (key === undefined) {
      return doubt('key_unknown', `${signature.name} signed with a key that nobody named.`, number);
    }
    if (!holds(checkpoint, signature, key)) {
      return doubt(
        'signature_wrong',
        `The signature of ${signature.name} is not over this checkpoint.`,
        number,
      );
    }
    reading.usedKeys.add(key);
  }
  reading.roots.set(checkpoint.size, checkpoint.root.toString('base64'));
  if (checkpoint.size === header.tree_size) reading.covering = checkpoint;
  return null;
}

/** The record names its checkpoints: each one of the range must be in the file, and be that one. */
function checkNamed(reading: Reading, event: Event, number: number): Doubt | null {
  if (event.event !== 'checkpoint.signed') return null;
  const { tree_size: size, root } = event;
  if (typeof size !== 'number' || size < reading.header.from_seq) return null;
  reading.named.add(size);
  return reading.roots.get(size) === root
    ? null
    : doubt(
        'checkpoint_missing',
        `The checkpoint over ${size} events, which event ${event.seq} names.`,
        number,
      );
}

/** What was removed before the range must be what the record says was removed. */
function checkRemoval(reading: Reading, event: Event, number: number): Doubt | null {
  if (event.event !== 'record.pruned' || event.up_to_seq !== reading.header.from_seq - 1) return null;
  if (event.root !== reading.leftRoot || !isTime(event.before)) {
    return doubt(
      'root_differs',
      `Event ${event.seq} removed other events than those before the range.`,
      number,
    );
  }
  reading.removal = { seq: event.seq, before: event.before };
  return null;
}

/** As far as a clock can tell it. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) <= 8.64e15;
}

/** Whenever the tree has the size that was seen, it must have the root that was seen. */
function compareSeen(reading: Reading, number: number): Doubt | null {
  const { lastSeen } = reading.trust;
  if (lastSeen === null || reading.tree.size !== lastSeen.size) return null;
  reading.seenIsProven = true;
  return reading.tree.root().equals(lastSeen.root)
    ? null
    : doubt('last_seen_differs', `At ${lastSeen.size} events the record is another one.`, number);
}

function takeConsistency(
  reading: Reading,
  line: Extract<FileLine, { type: 'consistency' }>,
  number: number,
): Doubt | null {
  const { trust, header, tree } = reading;
  const { from_size: from, to_size: to, hashes } = line;
  if (to !== header.tree_size || from > to)
    return doubt('line_invalid', 'A proof about other trees.', number);
  if (from === 0 || from === to) {
    return hashes.length === 0 ? null : doubt('line_invalid', 'A proof where none is needed.', number);
  }
  const seen = trust.lastSeen?.size === from ? trust.lastSeen : null;
  // Without the older root, a power of two cannot be started from: then the proof is of no use, and not judged.
  if (seen === null && Number.isInteger(Math.log2(from))) return null;
  const roots = rootsOfProof(from, to, seen?.root ?? Buffer.alloc(32), hashes);
  if (roots === null || !roots.newer.equals(tree.root())) {
    return doubt('root_differs', 'The consistency proof does not lead to this record.', number);
  }
  if (seen === null) return null;
  reading.seenIsProven = true;
  return roots.older.equals(seen.root)
    ? null
    : doubt('last_seen_differs', `At ${from} events the record is another one.`, number);
}

function missingText(reading: Reading, number: number): Doubt | null {
  const [path] = reading.awaited.keys();
  if (path === undefined) return null;
  return doubt('sealed_missing', `The text behind ${path} of event ${reading.event?.seq ?? 0}.`, number);
}

function conclude(reading: Reading): Verdict {
  const { trust, covering, header } = reading;
  const refused = (found: Doubt): Verdict => ({ ok: false, doubt: found });
  if (covering === null) return refused(doubt('checkpoint_missing', 'No checkpoint covers this file.'));
  const unused = reading.listedKeys.find((key) => !reading.usedKeys.has(key));
  if (unused !== undefined) {
    return refused(
      doubt('header_differs', `The header lists a key that signed nothing here: ${unused.text}`),
    );
  }
  const signedBy = trust.keys.find((key) => isSignedBy(covering, key));
  if (signedBy === undefined)
    return refused(doubt('key_unknown', 'The covering checkpoint is signed by another key.'));
  // Only the covering one may be a checkpoint that no event names: a line more or less would go unnoticed.
  const unnamed = [...reading.roots.keys()].find(
    (size) => size !== covering.size && !reading.named.has(size),
  );
  if (unnamed !== undefined) {
    return refused(doubt('checkpoint_invalid', `No event names the checkpoint over ${unnamed} events.`));
  }
  const { lastSeen } = trust;
  if (lastSeen !== null) {
    if (lastSeen.origin !== header.origin) {
      return refused(doubt('last_seen_invalid', 'The checkpoint that you gave is another workspace’s.'));
    }
    if (![...trust.keys, ...reading.listedKeys].some((key) => isSignedBy(lastSeen, key))) {
      return refused(
        doubt('last_seen_invalid', 'The checkpoint that you gave is not signed by this workspace.'),
      );
    }
    if (lastSeen.size > header.tree_size) {
      const text = `You saw ${lastSeen.size} events; this file is of a record of ${header.tree_size}.`;
      return refused(doubt('last_seen_ahead', text));
    }
    if (!reading.seenIsProven) {
      const text = `Nothing here leads from ${lastSeen.size} events to ${header.tree_size}.`;
      return refused(doubt('last_seen_unproven', text));
    }
  }
  const absent = trust.witnesses.find(
    (witness) => !isSignedBy(covering, witness) && (lastSeen === null || !isSignedBy(lastSeen, witness)),
  );
  if (absent !== undefined) return refused(doubt('witness_missing', `${absent.name} did not co-sign.`));
  return {
    ok: true,
    header,
    covering,
    checkpoints: reading.roots.size,
    texts: reading.texts,
    erasedTexts: reading.erasedTexts,
    removal: reading.removal,
    signedBy,
  };
}

function isSignedBy(checkpoint: Checkpoint, key: VerifierKey): boolean {
  return checkpoint.signatures.some((signature) => holds(checkpoint, signature, key));
}
