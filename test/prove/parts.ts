import type { ProvePart } from './part.ts';

/** What `npm run prove` can try, in the order in which it does: add a part here. */
export const parts: readonly ProvePart[] = [];
