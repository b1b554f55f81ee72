import { z } from 'zod';

/** What an export of a record is made into. Only `evidence` can be verified by itself. */
export const ExportForm = z.enum(['evidence', 'ocsf', 'ecs', 'csv', 'report']);
export type ExportForm = z.infer<typeof ExportForm>;
