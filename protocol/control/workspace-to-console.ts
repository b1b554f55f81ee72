// Workspace object → console.
import { z } from 'zod';
import { MachineId } from '../ids.ts';
import { DirectoryVersion, MachineRow } from '../records.ts';
import { WireError } from './wire-error.ts';

export const WorkspaceToConsole = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('reply'),
    id: z.number().int().nonnegative(),
    outcome: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), result: z.unknown() }),
      z.object({ ok: z.literal(false), error: WireError }),
    ]),
  }),
  /** Send a new token before `expiresAt` (epoch ms), or the socket is closed with `token_expired`. */
  z.object({ type: z.literal('challenge'), expiresAt: z.number().int() }),
  /**
   * Machines came, went or changed, in one stretch of time. Who does not stand at `from` has missed something and
   * asks for the list again; so does everybody when `changed` is null, which means: too many to tell.
   */
  z.object({
    type: z.literal('machines.patch'),
    from: DirectoryVersion,
    seq: z.number().int().positive(),
    total: z.number().int().nonnegative(),
    changed: z.array(MachineRow).nullable(),
    removed: z.array(MachineId),
    /** A machine came, went or has another name: places in the list have shifted. */
    moved: z.boolean(),
  }),
  /** The entry ends in so many ms, unless (`idle`) somebody does something. */
  z.object({
    type: z.literal('stay.ending'),
    reason: z.enum(['idle', 'max_age']),
    inMs: z.number().int().nonnegative(),
  }),
  /** Comes right before a close that the relay decided on. */
  z.object({ type: z.literal('closing'), error: WireError }),
]);
export type WorkspaceToConsole = z.infer<typeof WorkspaceToConsole>;
