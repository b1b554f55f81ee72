import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../../build/bundle.ts';
import type { Log } from '../../../build/command-line.ts';
import { repositoryRoot } from '../../../build/repository-root.ts';
import { loadSigningKey } from '../../../local/identity/signing-key.ts';
import type { SigningKey } from '../../../local/identity/signing-key.ts';
import { startIdentity } from '../../../local/identity/start-identity.ts';
import { choosePort } from '../../../local/ports.ts';
import { startRelay } from '../../../local/relay/relay.ts';
import { readIssuer } from './issuer-file.ts';

/** A relay under proof, and the key of the identity service that it believes. */
export interface ProvenRelay {
  readonly url: string;
  readonly issuer: string;
  readonly key: Pick<SigningKey, 'kid' | 'privateKey' | 'publicKeyPem' | 'jwk'>;
  /** Where `restart` is null (a relay that is not ours) the proof runs without crashes. `kill -9`, then started again. */
  readonly restart: (() => Promise<void>) | null;
}

export interface OwnedRelay extends ProvenRelay {
  readonly stop: () => Promise<void>;
}

export interface LocalRelay extends OwnedRelay {
  /** workerd's; another one after a restart. */
  readonly pid: () => number;
}

export interface ProvenRelayOptions {
  readonly log: Log;
  readonly remote: { readonly url: string; readonly issuerFile: string } | null;
}

/** Started at the first `get`, the same for all who ask. */
export function createProvenRelay({ log, remote }: ProvenRelayOptions): {
  readonly get: () => Promise<ProvenRelay>;
  readonly dispose: () => Promise<void>;
} {
  let started: Promise<OwnedRelay> | null = null;
  return {
    get: () => {
      started ??=
        remote === null
          ? buildAndStart(log)
          : Promise.resolve({
              url: remote.url.replace(/\/$/, ''),
              ...readIssuer(remote.issuerFile),
              restart: null,
              stop: async () => {},
            });
      return started;
    },
    dispose: async () => {
      // One that could not be started has told so to whoever asked for it.
      const relay = await started?.catch(() => null);
      await relay?.stop();
    },
  };
}

async function buildAndStart(log: Log): Promise<OwnedRelay> {
  const failure = await build({ development: true, only: ['relay'], log: () => {} });
  if (failure !== undefined) throw new Error(`${failure.code}: ${failure.message}`);
  const relay = await startOwnRelay(join(repositoryRoot, 'dist/relay/worker.js'));
  log(`relay on ${relay.url}, started for this proof`);
  return relay;
}

/** A file system in memory, where there is one: a killed process loses nothing of it, and nothing waits for a disk. */
const MEMORY = '/dev/shm';

/** Identity server and workerd with this worker, on free ports, with state of their own that goes when they stop. */
export async function startOwnRelay(
  workerFile: string,
  bindings: Readonly<Record<string, string>> = {},
): Promise<LocalRelay> {
  const stateDir = await mkdtemp(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'caisey-prove-'));
  const removeState = () => rmSync(stateDir, { recursive: true, force: true });
  process.once('exit', removeState);
  const identity = await startIdentity({ port: 0, stateDir: join(stateDir, 'identity') });
  const { port } = await choosePort(47_100, 'relay');
  const options = {
    port,
    stateDir: join(stateDir, 'relay'),
    workerFile,
    bindings: {
      CLERK_ISSUER: identity.url,
      CLERK_API_URL: identity.url,
      CLERK_SECRET_KEY: identity.secretKey,
      CLERK_WEBHOOK_SECRET: `whsec_${randomBytes(24).toString('base64')}`,
      RELAY_SECRET: randomBytes(32).toString('base64url'),
      // What the limits hold is proven elsewhere; here they would only be waited for.
      RATE_LIMIT_SCALE: '100',
      ...bindings,
    },
  };
  let relay = await startRelay(options);
  const killNow = () => void relay.kill('SIGKILL');
  process.once('exit', killNow);
  return {
    url: relay.url,
    pid: () => relay.pid,
    issuer: identity.url,
    key: loadSigningKey(join(stateDir, 'identity')),
    restart: async () => {
      await relay.kill('SIGKILL');
      relay = await startRelay(options);
    },
    stop: async () => {
      await relay.stop();
      await identity.close();
      process.off('exit', killNow);
      removeState();
      process.off('exit', removeState);
    },
  };
}
