import { randomBytes } from 'node:crypto';

const NAME = /cnry[a-z0-9]{16}/gi;
const ID = /\b(?:org|user|sess|mac|ses|run|ent|att|evt|enr|cmd)_[0-9A-Za-z]{20,40}/g;
/** What the relay seals is base64url of JSON; what it recorded is base64. */
const SEALED = /\bc[a-z]1\.([A-Za-z0-9_-]+)\./g;
const RECORDED = /"data":"([A-Za-z0-9+/=]+)"/g;

/** Whose is what: a random word in every name of an organization, and every id that belongs to it. */
export interface Canaries {
  /** A new word for an organization's names. */
  readonly plant: (org: string) => string;
  /** Every id in this text is the organization's from now on, but for those that another one has. */
  readonly claim: (org: string, text: string) => void;
  /** What of other organizations is in this text that `org` received: their words and ids, without repeats. */
  readonly foreign: (org: string, text: string, echoed?: ReadonlySet<string>) => string[];
  /** How often an organization saw a word of its own: a scanner that sees nothing proves nothing. */
  readonly ownSeen: (org: string) => number;
}

export function createCanaries(): Canaries {
  const owners = new Map<string, string>();
  const seen = new Map<string, number>();
  return {
    plant: (org) => {
      const word = `cnry${Array.from(randomBytes(16), (byte) => (byte % 36).toString(36)).join('')}`;
      owners.set(word, org);
      return word;
    },
    claim: (org, text) => {
      for (const [id] of text.matchAll(ID)) if (!owners.has(id)) owners.set(id, org);
    },
    foreign: (org, text, echoed) => {
      const found = new Set<string>();
      for (const layer of layers(text)) {
        for (const [word] of layer.matchAll(NAME)) {
          const owner = owners.get(word.toLowerCase());
          if (owner === org) seen.set(org, (seen.get(org) ?? 0) + 1);
          else if (owner !== undefined) found.add(word);
        }
        for (const [id] of layer.matchAll(ID)) {
          const owner = owners.get(id);
          if (owner !== undefined && owner !== org && echoed?.has(id) !== true) found.add(id);
        }
      }
      return [...found];
    },
    ownSeen: (org) => seen.get(org) ?? 0,
  };
}

function layers(text: string): string[] {
  const inner = [
    ...[...text.matchAll(SEALED)].map(([, body = '']) => Buffer.from(body, 'base64url').toString('latin1')),
    ...[...text.matchAll(RECORDED)].map(([, data = '']) => Buffer.from(data, 'base64').toString('latin1')),
  ];
  return [text, ...inner];
}
