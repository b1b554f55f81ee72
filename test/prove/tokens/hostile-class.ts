import type { TokenMaker } from './token-maker.ts';

/** One kind of token that must never be let in. `make` gets the number of the token, to go through its variants. */
export interface HostileClass {
  readonly name: string;
  readonly make: (maker: TokenMaker, index: number) => string;
  /** How many are made, where not the usual number: times so much. */
  readonly share?: number;
  /** Good enough to come back with, not to enter with. */
  readonly enteringOnly?: boolean;
}

/** Goes round the variants of a class. */
export const cycle = <T>(variants: readonly T[], index: number): T => {
  const variant = variants[index % variants.length];
  if (variant === undefined) throw new Error('a class without variants');
  return variant;
};
/** The time as tokens tell it. */
export const seconds = (): number => Math.floor(Date.now() / 1000);
