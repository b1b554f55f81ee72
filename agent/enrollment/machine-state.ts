import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MachineId } from '#protocol/ids.ts';
import { createMachineKeyPem, machineKeyFromPem, type MachineKey } from './machine-key.ts';

const StoredCredential = z.object({
  machineId: MachineId,
  machineName: z.string(),
  credential: z.string().min(1),
});
export type StoredCredential = z.infer<typeof StoredCredential>;

export interface MachineState {
  readonly key: MachineKey;
  /** Null until enrolled. */
  readonly credential: StoredCredential | null;
  store(credential: StoredCredential): void;
}

export type OpenedState =
  | { readonly ok: true; readonly state: MachineState }
  | { readonly ok: false; readonly text: string };

const KEY_FILE = 'machine-key.pem';
const CREDENTIAL_FILE = 'credential.json';

/**
 * Removes what ties this host to a machine of the relay: its next enrollment makes a key of its own.
 * Nothing else of the folder is touched, whichever folder was named.
 * @returns the machine it was, null when it was none; what went wrong as text
 */
export function wipeMachineState(
  stateDir: string,
):
  | { readonly ok: true; readonly was: StoredCredential | null }
  | { readonly ok: false; readonly text: string } {
  const credential = readCredential(join(stateDir, CREDENTIAL_FILE));
  try {
    for (const name of [CREDENTIAL_FILE, KEY_FILE]) {
      rmSync(join(stateDir, name), { force: true });
      rmSync(join(stateDir, `${name}.new`), { force: true });
    }
  } catch (error) {
    return { ok: false, text: `${stateDir} cannot be wiped: ${reasonOf(error)}` };
  }
  return { ok: true, was: credential.ok ? credential.value : null };
}

/** Opens the folder (0700), making it and the key (0600) on the first run. */
export function openMachineState(stateDir: string): OpenedState {
  const keyPath = join(stateDir, KEY_FILE);
  const credentialPath = join(stateDir, CREDENTIAL_FILE);
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    chmodSync(stateDir, 0o700);
    if (!existsSync(keyPath)) writePrivate(keyPath, createMachineKeyPem());
  } catch (error) {
    return { ok: false, text: `The state folder ${stateDir} cannot be used: ${reasonOf(error)}` };
  }
  let key;
  try {
    key = machineKeyFromPem(readFileSync(keyPath, 'utf8'));
  } catch (error) {
    return { ok: false, text: `${keyPath} cannot be read: ${reasonOf(error)}. ${WIPE}` };
  }
  const credential = readCredential(credentialPath);
  if (!credential.ok) return credential;
  return {
    ok: true,
    state: {
      key,
      credential: credential.value,
      store: (value) => writePrivate(credentialPath, JSON.stringify(value)),
    },
  };
}

const WIPE = 'Enroll the machine again, with --wipe and a new code.';

function readCredential(
  path: string,
):
  | { readonly ok: true; readonly value: StoredCredential | null }
  | { readonly ok: false; readonly text: string } {
  if (!existsSync(path)) return { ok: true, value: null };
  try {
    return { ok: true, value: StoredCredential.parse(JSON.parse(readFileSync(path, 'utf8'))) };
  } catch {
    return { ok: false, text: `${path} is not a machine credential. ${WIPE}` };
  }
}

// Written beside and renamed: a crash leaves the old file or the new one, never half of one.
function writePrivate(path: string, text: string): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
