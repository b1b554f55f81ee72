// A relay of its own with workspaces full of near-misses, its SQLite files in reach while it is down.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EvidenceEdition } from '#protocol/evidence/evidence-file.ts';
import { build } from '../../../build/bundle.ts';
import { repositoryRoot } from '../../../build/repository-root.ts';
import { choosePort } from '../../../local/ports.ts';
import { startRelay } from '../../../local/relay/relay.ts';
import type { RunningRelay } from '../../../local/relay/relay.ts';
import type { ReceiverNetwork } from '../../../local/relay/workerd-config.ts';
import type { MeasuredWorker } from '../../harness/audit-worker.ts';
import { WorkspacePeer } from '../../harness/workspace-peer.ts';
import { clerkId, mintToken } from '../tokens/mint.ts';
import type { TokenIssuer } from '../tokens/mint.ts';

export interface EvidenceWorld {
  /** A new sign-in of an administrator. */
  readonly enter: (org: string) => Promise<WorkspacePeer>;
  readonly newOrg: () => string;
  readonly url: string;
  /** Of the relay that runs now. */
  readonly pid: () => number;
  /** @param receivers what it may send records to, where that is not the public internet */
  readonly start: (receivers?: ReceiverNetwork) => Promise<void>;
  /** As a power cut ends it. */
  readonly crash: () => Promise<void>;
  /** Afterwards `fileOf` names whole files: nothing is left in write-ahead logs. */
  readonly stop: () => Promise<void>;
  readonly fileOf: (org: string) => string;
  /** Copies of the workspaces' files as they are now, under a name. */
  readonly keep: (orgs: readonly string[], name: string) => Promise<void>;
  readonly restore: (org: string, name: string) => Promise<void>;
  readonly dispose: () => Promise<void>;
}

/** @param worker in place of the relay as it is built */
export async function createEvidenceWorld(worker?: MeasuredWorker): Promise<EvidenceWorld> {
  if (worker === undefined) {
    const failure = await build({ development: true, only: ['relay'], log: () => {} });
    if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`);
  }
  const stateDir = await mkdtemp(join(tmpdir(), 'caisey-evidence-'));
  const remove = () => rmSync(stateDir, { recursive: true, force: true });
  process.once('exit', remove);
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const issuer: TokenIssuer = {
    issuer: 'https://clerk.evidence.test',
    key: {
      kid: `ins_${'e'.repeat(27)}`,
      privateKey: pair.privateKey,
      publicKeyPem,
      jwk: { kty: 'RSA', n: '', e: 'AQAB', kid: '', use: 'sig', alg: 'RS256' },
    },
  };
  const { port } = await choosePort(18_300, 'relay');
  const options = {
    port,
    stateDir: join(stateDir, 'relay'),
    workerFile: worker?.file ?? join(repositoryRoot, 'dist/relay/worker.js'),
    ...(worker === undefined ? {} : { v8Flags: worker.v8Flags }),
    bindings: {
      CLERK_ISSUER: issuer.issuer,
      CLERK_JWT_KEY: publicKeyPem,
      CLERK_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
      RELAY_SECRET: randomBytes(32).toString('base64url'),
    },
  };
  let relay: RunningRelay | null = null;
  const files = new Map<string, string>();
  const folder = join(options.stateDir, 'objects', 'caisey-Workspace');
  const findFiles = () => {
    for (const name of readdirSync(folder).filter(
      (name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite',
    )) {
      const file = join(folder, name);
      const database = new DatabaseSync(file);
      // What was written last lies beside the file: it must not come back over what is put in its place.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      const row = database.prepare('SELECT org_id AS org FROM home').get();
      if (typeof row?.['org'] === 'string') files.set(row['org'], file);
      database.close();
    }
  };
  const fileOf = (org: string): string => {
    const file = files.get(org);
    if (file === undefined) throw new Error(`no file of ${org}`);
    return file;
  };
  const kept = (org: string, name: string): string => join(stateDir, 'kept', name, org);
  const killNow = () => void relay?.kill('SIGKILL');
  process.once('exit', killNow);
  return {
    newOrg: () => clerkId('org'),
    url: `http://127.0.0.1:${port}`,
    pid: () => relay?.pid ?? 0,
    enter: (org) => {
      const bearer = { org, userId: clerkId('user'), sid: clerkId('sess'), role: 'admin' } as const;
      const url = `http://127.0.0.1:${port}`;
      return WorkspacePeer.connect({ relayUrl: url, getToken: async () => mintToken(issuer, bearer) });
    },
    start: async (receivers) => {
      relay = await startRelay({ ...options, ...(receivers === undefined ? {} : { receivers }) });
    },
    crash: async () => {
      await relay?.kill('SIGKILL');
      relay = null;
    },
    stop: async () => {
      await relay?.stop();
      relay = null;
      findFiles();
    },
    fileOf,
    keep: async (orgs, name) => {
      await mkdir(join(stateDir, 'kept', name), { recursive: true });
      for (const org of orgs) await copyFile(fileOf(org), kept(org, name));
    },
    restore: async (org, name) => {
      const file = fileOf(org);
      for (const rest of ['-wal', '-shm']) if (existsSync(`${file}${rest}`)) rmSync(`${file}${rest}`);
      await copyFile(kept(org, name), file);
    },
    dispose: async () => {
      await relay?.stop();
      process.off('exit', killNow);
      remove();
      process.off('exit', remove);
    },
  };
}

/** The whole evidence file that the relay exports now. */
export async function exportEvidence(
  peer: WorkspacePeer,
  edition: EvidenceEdition,
  range: { fromSeq?: number; toSeq?: number | null; lastSeenSize?: number | null } = {},
): Promise<string> {
  const { exportId, lines } = await peer.call('evidence.open', {
    edition,
    fromSeq: range.fromSeq ?? 1,
    toSeq: range.toSeq ?? null,
    lastSeenSize: range.lastSeenSize ?? null,
  });
  const all = [...lines];
  let afterSeq: number | null = 0;
  while (afterSeq !== null) {
    const page: { lines: string[]; nextAfterSeq: number | null } = await peer.call('evidence.read', {
      exportId,
      afterSeq,
    });
    all.push(...page.lines);
    afterSeq = page.nextAfterSeq;
  }
  return `${all.join('\n')}\n`;
}
