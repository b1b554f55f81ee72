import { afterAll, expect, it } from 'vitest';
import { proveIsolation } from '../prove/prove-isolation.ts';
import type { ProveRun } from '../prove/part.ts';
import { createProvenRelay } from '../prove/relay/proven-relay.ts';
import { proveTokens } from '../prove/tokens/prove-tokens.ts';

// What `npm run prove` does at length: here so that a verb, message or route without a case fails every test run.
const relay = createProvenRelay({ log: () => {}, remote: null });
afterAll(() => relay.dispose());

const run: ProveRun = {
  log: () => {},
  signal: new AbortController().signal,
  quick: true,
  organizations: 2,
  tokensOfAClass: 2,
  relay: relay.get,
};
const LIMIT_MS = 120_000;

it('keeps two organizations apart, through a crash', { timeout: LIMIT_MS }, async () => {
  expect((await proveIsolation(run)).breaches).toEqual([]);
});

it('lets no hostile token in, and every honest one', { timeout: LIMIT_MS }, async () => {
  expect((await proveTokens(run)).breaches).toEqual([]);
});
