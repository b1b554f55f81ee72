import { randomBytes } from 'node:crypto';
import { ulid } from '#protocol/ids.ts';
import { clerkId, tokenSource } from '../tokens/mint.ts';

/** What an organization has that another could name. Also made up, for what nobody has. */
export interface Subject {
  readonly org: string;
  readonly userId: string;
  readonly sid: string;
  readonly entryId: string;
  readonly machineId: string;
  readonly machineName: string;
  /** Live, on the machine. */
  readonly sessionId: string;
  /** Ended, with its recording. */
  readonly recordedId: string;
  readonly runbookId: string;
  readonly enrollmentId: string;
  readonly enrollmentCode: string;
  readonly credential: string;
  readonly exportId: string;
  /** The first half of a word in all its names: enough to find them by, too little to be taken for an answer. */
  readonly bait: string;
  readonly token: () => string;
}

export const newUlid = (): string => ulid(Date.now(), (bytes) => bytes.set(randomBytes(bytes.length)));

/** Nobody's: as long and as likely as a real one's, down to the sealed texts. */
export function decoyOf(real: Subject, token: (org: string) => string): Subject {
  const org = clerkId('org');
  return {
    org,
    userId: clerkId('user'),
    sid: clerkId('sess'),
    entryId: `ent_${newUlid()}`,
    machineId: `mac_${newUlid()}`,
    machineName: real.machineName.replace(/cnry\w+/, 'cnrynobodyatallhere1'),
    sessionId: `ses_${newUlid()}`,
    recordedId: `ses_${newUlid()}`,
    runbookId: `run_${newUlid()}`,
    enrollmentId: `enr_${newUlid()}`,
    enrollmentCode: unsealed(real.enrollmentCode, org),
    credential: unsealed(real.credential, org),
    exportId: newUlid(),
    bait: 'cnrynobodyat',
    token: tokenSource(() => token(org)),
  };
}

/** A sealed text about this organization, under a seal that is not the relay's. */
export function unsealed(sealed: string, org: string): string {
  const [prefix = '', body = ''] = sealed.split('.');
  const text = Buffer.from(body, 'base64url')
    .toString()
    .replace(/org_[0-9A-Za-z]+/, org);
  return `${prefix}.${Buffer.from(text).toString('base64url')}.${randomBytes(32).toString('base64url')}`;
}

/** The body of one sealed text under the seal of another: what a payload swap looks like. */
export function swapped(body: string, seal: string): string {
  const [prefix = '', payload = ''] = body.split('.');
  return `${prefix}.${payload}.${seal.split('.')[2] ?? ''}`;
}

/** A text in which what differs between two subjects by their ids alone is the same. */
export function withoutIds(text: string, subject: Subject): string {
  const values = Object.entries(subject).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return values.reduce((rest, [name, value]) => rest.replaceAll(value, `<${name}>`), text);
}
