import { createHash } from 'node:crypto';
import type { OrgId } from '#protocol/ids.ts';

export type Provenance =
  | { readonly kind: 'same' }
  | { readonly kind: 'other_workspace'; readonly from: OrgId }
  | { readonly kind: 'outside' };

const ENTRIES_MAX = 500;

/**
 * Which workspace a text was copied in: digests in memory, the texts themselves are not kept. A text copied in
 * several workspaces belongs to each of them.
 */
export class ClipboardLedger {
  /** Oldest first. */
  readonly #copies = new Map<string, OrgId[]>();

  /** Call before the clipboard is written: a paste cannot then come first. */
  copied(orgId: OrgId, text: string): void {
    const digest = digestOf(text);
    const before = this.#copies.get(digest) ?? [];
    this.#copies.delete(digest);
    this.#copies.set(digest, [...before.filter((one) => one !== orgId), orgId]);
    for (const oldest of this.#copies.keys()) {
      if (this.#copies.size <= ENTRIES_MAX) break;
      this.#copies.delete(oldest);
    }
  }

  /** Where a text about to be pasted in `orgId` comes from. */
  provenance(orgId: OrgId, text: string): Provenance {
    const copiedIn = this.#copies.get(digestOf(text)) ?? [];
    const newest = copiedIn.at(-1);
    if (newest === undefined) return { kind: 'outside' };
    return copiedIn.includes(orgId) ? { kind: 'same' } : { kind: 'other_workspace', from: newest };
  }
}

/** The clipboard of some systems changes line ends and the space around a text: neither makes it another one. */
function digestOf(text: string): string {
  const compared = text.replaceAll(/\r\n?/g, '\n').trim();
  return createHash('sha256').update(compared).digest('base64url');
}
