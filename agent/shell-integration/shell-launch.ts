import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { PtyLaunch } from '../pty/pty-process.ts';
import { bashInitFile } from './bash-init.ts';
import { fishInitFile } from './fish-init.ts';
import { powershellInitFile, powershellStart } from './powershell-init.ts';
import { zshEnvFile } from './zsh-init.ts';

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

interface HookedStart {
  readonly initFile: string;
  readonly initText: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

type Hooks = (nonce: string, folder: string, environment: ShellSetting['environment']) => HookedStart;

const powershell: Hooks = (nonce, folder) => {
  const initFile = join(folder, 'init.ps1');
  return { initFile, initText: powershellInitFile(nonce), args: powershellStart(initFile) };
};

/** By the shell's name, without `.exe`. */
const hooks: ReadonlyMap<string, Hooks> = new Map<string, Hooks>([
  [
    'bash',
    (nonce, folder) => {
      const initFile = join(folder, 'init');
      return { initFile, initText: bashInitFile(nonce), args: ['--init-file', initFile] };
    },
  ],
  [
    'zsh',
    (nonce, folder, environment) => ({
      initFile: join(folder, '.zshenv'),
      initText: zshEnvFile(nonce, environment['ZDOTDIR'] ?? null),
      args: ['-l'],
      environment: { ZDOTDIR: folder },
    }),
  ],
  [
    'fish',
    (nonce, folder) => {
      const initFile = join(folder, 'init.fish');
      const quoted = initFile.replaceAll(/[\\']/g, String.raw`\$&`);
      return {
        initFile,
        initText: fishInitFile(nonce),
        args: ['-l', '--init-command', `source '${quoted}'`],
      };
    },
  ],
  ['pwsh', powershell],
  ['powershell', powershell],
]);

/**
 * How to start a login shell, with our hooks where we have them (bash, zsh, fish, PowerShell).
 * @throws when the shell cannot be run or the home folder is not there: a pty would only end at once
 */
export function prepareShell(setting: ShellSetting, clock: Clock): PreparedShell {
  const { shell, home, environment, folder } = setting;
  accessSync(shell, constants.X_OK);
  if (!statSync(home).isDirectory()) throw new Error(`${home} is not a folder`);
  const launch = { file: shell, cwd: home, env: environment };
  const name = basename(shell).replace(/\.exe$/i, '');
  const hooksOf = hooks.get(name);
  if (hooksOf === undefined) {
    return { launch: { ...launch, args: ['-l'] }, markNonce: null, cleanUp: () => {} };
  }
  const random = new Uint8Array(16);
  clock.fillRandom(random);
  const markNonce = Buffer.from(random).toString('hex');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = mkdtempSync(join(folder, `${name}-`));
  const start = hooksOf(markNonce, own, environment);
  writeFileSync(start.initFile, start.initText, { mode: 0o600 });
  return {
    launch: { ...launch, args: start.args, env: { ...environment, ...start.environment } },
    markNonce,
    cleanUp: () => rmSync(own, { recursive: true, force: true }),
  };
}

/** Removes what a killed agent left. */
export function clearShellFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
