import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout that this file lies in. */
export const repositoryRoot: string = dirname(dirname(fileURLToPath(import.meta.url)));
