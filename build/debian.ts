import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Failure, Log } from './command-line.ts';
import { runQuietly } from './quiet-run.mjs';

const run = promisify(execFile);

/** Each row is one need; of several names the first that this release of Debian has is installed. */
const libraries = [
  ['libgtk-3-0t64', 'libgtk-3-0'],
  ['libnss3'],
  ['libgbm1'],
  ['libasound2t64', 'libasound2'],
  ['libxss1'],
  ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  ['libsecret-1-0'],
  ['libnotify4'],
] as const;
/**
 * Shells whose hooks are tested, programs that ask for a password (dropbear's package starts no server), programs that
 * draw screens, one that plays recordings, one that reads a PDF, and one that reads what a window says to the desktop.
 */
const testPrograms = [
  ['zsh'],
  ['fish'],
  ['sudo'],
  ['openssh-client'],
  ['dropbear-bin'],
  ['vim'],
  ['tmux'],
  ['less'],
  ['htop'],
  ['man-db'],
  ['asciinema'],
  ['poppler-utils'],
  ['x11-utils'],
] as const;
/** What the console is measured against. Where Debian boots with systemd, its package starts a server of its own. */
const benchPrograms = [['openssh-server'], ['openssh-client']] as const;
const display = [['xvfb'], ['fonts-dejavu-core'], ['fonts-inter'], ['fonts-jetbrains-mono']] as const;

export interface ElectronPackagesOptions {
  /** The Electron whose libraries are needed. */
  readonly executable: string;
  /** Whether a display of our own is needed as well: Xvfb, and fonts to draw with. */
  readonly display: boolean;
  readonly log: Log;
}

/**
 * Sees to the system packages that Electron needs on Linux. On Debian and its kin they are installed when this runs
 * as root; otherwise the failure `packages_missing` says exactly what to run. Elsewhere the failure
 * `libraries_missing` names the libraries that the executable lacks. Nothing is needed on macOS and Windows.
 */
export async function ensureElectronPackages(options: ElectronPackagesOptions): Promise<Failure | undefined> {
  if (process.platform !== 'linux') return undefined;
  if (!existsSync('/etc/debian_version')) return checkLibraries(options);
  const needs = options.display ? [...libraries, ...display] : libraries;
  return installMissing(needs, 'Electron needs', options.log);
}

/**
 * Sees to the programs that the tests of the agent run. On Debian and its kin they are installed when this runs as
 * root; otherwise the failure `packages_missing` says what to run. Elsewhere nothing is done: those tests then say
 * what they could not try.
 */
export async function ensureTestPackages(log: Log): Promise<Failure | undefined> {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return undefined;
  return installMissing(testPrograms, 'The tests need', log);
}

/** As `ensureTestPackages`, for `npm run bench`. */
export async function ensureBenchPackages(log: Log): Promise<Failure | undefined> {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return undefined;
  return installMissing(benchPrograms, 'The bench needs', log);
}

async function installMissing(
  needs: readonly (readonly string[])[],
  who: string,
  log: Log,
): Promise<Failure | undefined> {
  const missing = await notInstalled(needs);
  if (missing.length === 0) return undefined;

  const install = ['install', '-y', '--no-install-recommends'];
  if (process.getuid?.() !== 0) {
    return {
      ok: false,
      code: 'packages_missing',
      message: `${who} system packages that are not installed.`,
      next: `Run this, then the same command again:\n  sudo apt-get ${install.join(' ')} ${(await available(missing)).join(' ')}`,
    };
  }
  const updated = await apt('Updating the package lists', ['update']);
  if (updated !== undefined) return updated;
  const names = await available(missing);
  log(`${who} ${names.join(' ')}`);
  return apt('Installing system packages', [...install, ...names]);
}

async function notInstalled(needs: readonly (readonly string[])[]): Promise<readonly (readonly string[])[]> {
  // dpkg-query ends with 1 when it does not know one of the names, and still lists the others.
  const { stdout } = await run('dpkg-query', [
    '-W',
    '-f',
    '${db:Status-Abbrev} ${Package}\n',
    ...needs.flat(),
  ]).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  const have = new Set(
    stdout
      .split('\n')
      .filter((row) => row.startsWith('ii'))
      .map((row) => row.slice(2).trim()),
  );
  return needs.filter((names) => !names.some((name) => have.has(name)));
}

/** The name that this release's package lists hold; the plain one where they hold none. */
async function available(needs: readonly (readonly string[])[]): Promise<readonly string[]> {
  const { stdout } = await run('apt-cache', ['show', '--no-all-versions', ...needs.flat()]).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
  );
  const known = new Set([...stdout.matchAll(/^Package: (\S+)$/gm)].map((match) => match[1]));
  return needs.map((names) => names.find((name) => known.has(name)) ?? names.at(-1) ?? '');
}

async function apt(label: string, args: readonly string[]): Promise<Failure | undefined> {
  const { code, tail } = await runQuietly({
    label,
    command: 'apt-get',
    args: ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (code === 0) return undefined;
  return {
    ok: false,
    code: 'packages_not_installed',
    message: `apt-get ${args[0]} ended with code ${code}.\n${tail}`,
    next: `Mend that (network, disk, another apt running), or run it by hand:\n  apt-get ${args.join(' ')}`,
  };
}

async function checkLibraries(options: ElectronPackagesOptions): Promise<Failure | undefined> {
  const { stdout } = await run('ldd', [options.executable]).catch(() => ({ stdout: '' }));
  const missing = [...stdout.matchAll(/^\s*(\S+) => not found$/gm)].map((match) => match[1]);
  if (missing.length === 0) return undefined;
  return {
    ok: false,
    code: 'libraries_missing',
    message: `Electron lacks these libraries: ${missing.join(' ')}`,
    next: 'Install the packages of your system that hold them (GTK 3, NSS, GBM, ALSA, XScreenSaver, libsecret).',
  };
}
