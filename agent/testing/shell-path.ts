import { accessSync, constants, existsSync } from 'node:fs';

const PLACES = ['/bin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/**
 * Where a shell is, or null where this machine cannot have it.
 * @throws on Debian and its kin, whose package of the same name `npm test` installs: there it must not be missing
 */
export function shellPath(name: string): string | null {
  const found = PLACES.map((place) => `${place}/${name}`).find(isProgram);
  if (found !== undefined) return found;
  if (!existsSync('/etc/debian_version')) return null;
  throw new Error(`${name} is not installed. npm test does so as root; by hand: apt-get install ${name}`);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
