// The two numbers of which most messages consist.
import { z } from 'zod';

/** A whole number from 0: bytes, offsets in bytes, milliseconds, events. What it counts is in its field's name. */
export const Count = z.number().int().nonnegative();

/** Epoch milliseconds. Of the relay's clock where nothing else is said. */
export const Time = z.number().int().nonnegative();
