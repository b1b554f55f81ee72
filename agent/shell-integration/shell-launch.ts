import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { PtyLaunch } from '../pty/pty-process.ts';
import { bashInitFile } from './bash-init.ts';

export interface ShellSetting {
  readonly shell: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  /** For the init file of a start, private to us. */
  readonly folder: string;
}

export interface PreparedShell {
  readonly launch: PtyLaunch;
  /** Null for a shell that we have no hooks for: it runs, its commands are not told. */
  readonly markNonce: string | null;
  /** Removes what the start needed. May be called more than once. */
  cleanUp(): void;
}

/**
 * How to start a login shell, with our hooks where we have them (bash).
 * @throws when the shell cannot be run or the home folder is not there: a pty would only end at once
 */
export function prepareShell(setting: ShellSetting, clock: Clock): PreparedShell {
  const { shell, home, environment, folder } = setting;
  accessSync(shell, constants.X_OK);
  if (!statSync(home).isDirectory()) throw new Error(`${home} is not a folder`);
  const launch = { file: shell, cwd: home, env: environment };
  if (basename(shell) !== 'bash') {
    return { launch: { ...launch, args: ['-l'] }, markNonce: null, cleanUp: () => {} };
  }
  const random = new Uint8Array(16);
  clock.fillRandom(random);
  const markNonce = Buffer.from(random).toString('hex');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = mkdtempSync(join(folder, 'bash-'));
  const initFile = join(own, 'init');
  writeFileSync(initFile, bashInitFile(markNonce), { mode: 0o600 });
  return {
    launch: { ...launch, args: ['--init-file', initFile] },
    markNonce,
    cleanUp: () => rmSync(own, { recursive: true, force: true }),
  };
}

/** Removes what a killed agent left. */
export function clearShellFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
