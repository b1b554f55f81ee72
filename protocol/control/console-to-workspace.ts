// Console → Workspace object, on GET /v1/workspace (WebSocket, token in the Authorization header).
import { z } from 'zod';
import { VERB_NAMES } from './verbs.ts';

export const ConsoleToWorkspace = z.discriminatedUnion('type', [
  /** `params` is parsed again by the verb's own schema. */
  z.object({
    type: z.literal('request'),
    id: z.number().int().nonnegative(),
    verb: z.enum(VERB_NAMES),
    params: z.unknown(),
  }),
  /** Answer to a challenge: a new token of the same person, sign-in and organization. */
  z.object({ type: z.literal('token'), token: z.string().max(8192) }),
]);
export type ConsoleToWorkspace = z.infer<typeof ConsoleToWorkspace>;

/** Longest message a console may send, in UTF-16 units. */
export const CONSOLE_MESSAGE_MAX_LENGTH = 256 * 1024;
