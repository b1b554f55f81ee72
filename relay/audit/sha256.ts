import { hash } from 'node:crypto';
import type { Sha256 } from '#protocol/evidence/merkle-tree.ts';

/** At once: `createHash` makes a stream for every leaf. */
export const sha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer');
