import type { ProvePart } from './part.ts';
import { proveTokens } from './tokens/prove-tokens.ts';

/** What `npm run prove` can try, in the order in which it does: add a part here. */
export const parts: readonly ProvePart[] = [
  {
    name: 'tokens',
    says: 'hostile tokens by class and by mutation, honest ones in between',
    byDefault: true,
    run: proveTokens,
  },
];
