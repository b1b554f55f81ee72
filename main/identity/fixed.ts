import { z } from 'zod';

/** A part that always reads the same, whatever the answer holds there and also where it holds nothing. */
export function fixed<T>(make: () => T) {
  return z.unknown().optional().transform(make);
}
