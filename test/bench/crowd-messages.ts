// Between the bench of agents and the process that they live in.
import { z } from 'zod';

export const CrowdOrder = z.object({
  relayUrl: z.string(),
  /** The agents begin one by one within this time. */
  spreadMs: z.number(),
  machines: z.array(z.object({ name: z.string(), credential: z.string(), keyPem: z.string() })),
});
export type CrowdOrder = z.infer<typeof CrowdOrder>;

export const CrowdReport = z.object({
  welcomed: z.number(),
  /** Connections that ended, by why, since the last report. */
  ended: z.record(z.string(), z.number()),
});
export type CrowdReport = z.infer<typeof CrowdReport>;
