import { spawnSync } from 'node:child_process';
import { readOptions } from '../command-line.ts';
import { repositoryRoot } from '../repository-root.ts';

readOptions('usage: npm run format\n\nFormats every source in place.', {});
const { status } = spawnSync('oxfmt', ['.'], { cwd: repositoryRoot, stdio: 'inherit' });
process.exitCode = status ?? 1;
