// For whoever changes dependencies: `node_modules/.bin/node build/commands/complete-lock.ts` after `npm install`.
// Adds to package-lock.json the other platforms' binaries that npm left out of it (see platform-packages.ts).
// build/platform-packages.test.ts fails until it is done.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readOptions } from '../command-line.ts';
import { missingPlatformPackages, withPlatformPackages } from '../platform-packages.ts';
import { repositoryRoot } from '../repository-root.ts';

readOptions('usage: node_modules/.bin/node build/commands/complete-lock.ts', {});
const path = join(repositoryRoot, 'package-lock.json');
const text = await readFile(path, 'utf8');
const missing = missingPlatformPackages(JSON.parse(text));
if (missing.length > 0) await writeFile(path, withPlatformPackages(text));
process.stdout.write(`${missing.length} entries added\n`);
