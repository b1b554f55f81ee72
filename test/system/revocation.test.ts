import { describe, expect, it } from 'vitest';
import { proveRevocation } from '../prove/revocation.ts';

// Few runs and short tokens; `npm run prove -- --only revocation` does fifty with Clerk's.
describe('a revoked sign-in', () => {
  it('is served no more: at once with the webhook, when its token ends without', async () => {
    const report = await proveRevocation({ log: () => {}, runs: 2, tokenLifetimeSeconds: 4 });
    expect(report.failures).toEqual([]);
    expect(report.runs).toBe(4);
  }, 90_000);
});
