// The verdict in words: what is proven, and what no evidence file can prove.
import type { DoubtCode } from './doubt.ts';
import { printable } from './printable.ts';
import type { Trust, Verdict } from './verify-evidence.ts';

export interface Report {
  readonly verdict: 'proven' | 'doubt';
  readonly code: DoubtCode | null;
  readonly line: number | null;
  readonly proven: readonly string[];
  readonly notProven: readonly string[];
  readonly text: string;
}

export function reportOf(verdict: Verdict, trust: Trust): Report {
  if (!verdict.ok) {
    const { code, text, next, line } = verdict.doubt;
    const where = line === null ? '' : ` (line ${line})`;
    return {
      verdict: 'doubt',
      code,
      line,
      proven: [],
      notProven: ['anything'],
      text: printable(`DOUBT ${code}${where}: ${text}\n${next}\n`),
    };
  }
  const { header, covering, signedBy, texts, erasedTexts, checkpoints } = verdict;
  const { from_seq: from, to_seq: to } = header;
  const proven = [
    `Events ${from} to ${to} of ${header.origin} are complete and unaltered up to checkpoint ${covering.size}, signed at ${covering.signedAt} by ${signedBy.text}.`,
    `${checkpoints} ${checkpoints === 1 ? 'checkpoint is' : 'checkpoints are'} of this one history.`,
  ];
  if (verdict.removal !== null) {
    const { seq, before } = verdict.removal;
    proven.push(
      `Events 1 to ${from - 1}, older than ${new Date(before).toISOString()}, were removed by the organization’s own rule: event ${seq} says so and names what stood there.`,
    );
  }
  if (header.edition === 'reviewer') proven.push(`${texts} sealed texts are those that were committed to.`);
  if (trust.lastSeen !== null) {
    proven.push(
      `The record goes on from the ${trust.lastSeen.size} events that you saw signed at ${trust.lastSeen.signedAt}.`,
    );
  }
  for (const witness of trust.witnesses) proven.push(`${witness.name} saw this record too.`);
  const notProven = [
    `What happened after ${covering.signedAt}, and events before ${from}, which are only counted.`,
    'That commands were what a machine did: they are as its shell reported them, and marked trusted or not.',
    'The times: they are the relay’s clock. Order is by number.',
  ];
  if (trust.lastSeen === null) {
    notProven.push('That this is the newest state: give a checkpoint kept elsewhere with --last-seen.');
  }
  if (erasedTexts > 0)
    notProven.push(`${erasedTexts} sealed texts: they were erased, and cannot be proven again.`);
  if (header.edition === 'client') {
    notProven.push('What salted hashes stand for: the clients’ edition does not hold the texts.');
  }
  const list = (lines: readonly string[]): string => lines.map((line) => `  - ${line}\n`).join('');
  return {
    verdict: 'proven',
    code: null,
    line: null,
    proven,
    notProven,
    text: printable(`PROVEN\n${list(proven)}NOT PROVEN\n${list(notProven)}`),
  };
}
