// How long somebody whose sign-in was revoked can still do anything, with the identity service's webhook and
// without it. Real identity server, workerd, agent and shells. The revoked console is hostile: it mints a token
// right before, keeps answering challenges with it, comes back with it, and tries a verb and a key all the time.
import { setTimeout as delay } from 'node:timers/promises';
import { people } from '../harness/people.ts';
import { startSmallSystem } from '../harness/small-system.ts';
import type { SmallSystem, TestMachine } from '../harness/small-system.ts';
import { RevokedStay } from './revoked-stay.ts';

export interface RevocationOptions {
  readonly log: (line: string) => void;
  /** Of each kind; 25 when left out. */
  readonly runs?: number;
  /** Of tokens, as the identity server issues them; 60 as with Clerk when left out. */
  readonly tokenLifetimeSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface RevocationReport {
  readonly runs: number;
  /** From the revocation to the last thing that the relay did for the revoked one. */
  readonly withWebhookMaxMs: number;
  readonly withoutWebhookMaxMs: number;
  /** What must never happen and did, one sentence each. */
  readonly failures: readonly string[];
}

interface Kind {
  readonly name: 'with webhook' | 'without webhook';
  readonly webhooks: boolean;
  readonly limitMs: number;
  /** Revocations are spread over this time, so that they meet tokens of every age. */
  readonly spreadMs: number;
  /** Tried for so long after the limit, as long as the relay serves it: a late end shows how late. */
  readonly afterMs: number;
}

const RUNS = 25;
const TOKEN_LIFETIME_SECONDS = 60;
const WEBHOOK_LIMIT_MS = 5000;
/** What the relay's clock and the identity server's may be apart. */
const SKEW_MS = 5000;
/** Sign-ins and shells started at a time. */
const AT_A_TIME = 5;

/** Revokes `runs` sign-ins of each kind, all of a kind at once, each with a live terminal. */
export async function proveRevocation(options: RevocationOptions): Promise<RevocationReport> {
  const lifetimeMs = (options.tokenLifetimeSeconds ?? TOKEN_LIFETIME_SECONDS) * 1000;
  const runs = options.runs ?? RUNS;
  const kinds: readonly Kind[] = [
    { name: 'with webhook', webhooks: true, limitMs: WEBHOOK_LIMIT_MS, spreadMs: 3000, afterMs: 15_000 },
    {
      name: 'without webhook',
      webhooks: false,
      limitMs: lifetimeMs + SKEW_MS,
      spreadMs: lifetimeMs / 2,
      afterMs: 30_000,
    },
  ];
  const maxMs: number[] = [];
  const failures: string[] = [];
  for (const kind of kinds) {
    if (options.signal?.aborted === true) break;
    const exposures = await proveKind(kind, runs, options);
    maxMs.push(Math.max(...exposures.map(({ ms }) => ms)));
    failures.push(...exposures.flatMap(({ failures: own }) => own));
  }
  const [withWebhookMaxMs = 0, withoutWebhookMaxMs = 0] = maxMs;
  return { runs: runs * maxMs.length, withWebhookMaxMs, withoutWebhookMaxMs, failures };
}

interface Exposure {
  readonly ms: number;
  readonly failures: readonly string[];
}

async function proveKind(
  kind: Kind,
  runs: number,
  { log, tokenLifetimeSeconds }: RevocationOptions,
): Promise<Exposure[]> {
  const system = await startSmallSystem({
    preferredPort: 48_840,
    webhooks: kind.webhooks,
    ...(tokenLifetimeSeconds === undefined ? {} : { tokenLifetimeSeconds }),
  });
  const stays: RevokedStay[] = [];
  try {
    const machine = await system.addMachine('REVOKE-01');
    for (let from = 0; from < runs; from += AT_A_TIME) {
      const some = Array.from({ length: Math.min(AT_A_TIME, runs - from) }, () => begin(system, machine));
      stays.push(...(await Promise.all(some)));
    }
    log(`${kind.name}: ${stays.length} live terminals`);
    // The same person, signed in once more: nothing of it may be touched.
    const bystander = await begin(system, machine);
    stays.push(bystander);
    const revoked = stays.slice(0, runs);
    const exposures = await Promise.all(
      revoked.map(async (stay, index) => {
        await delay((kind.spreadMs * index) / Math.max(1, runs));
        return expose(system, stay, kind);
      }),
    );
    const failures = await disturbed(bystander, system, kind, revoked.length);
    log(`${kind.name}: at most ${Math.max(...exposures.map(({ ms }) => ms))} ms`);
    return [...exposures, { ms: 0, failures }];
  } finally {
    for (const stay of stays) stay.dispose();
    await system.dispose();
  }
}

function begin(system: SmallSystem, machine: TestMachine): Promise<RevokedStay> {
  return RevokedStay.begin(system, people.technician, machine.machineId);
}

async function expose(system: SmallSystem, stay: RevokedStay, kind: Kind): Promise<Exposure> {
  await stay.mintLastToken();
  const revokedAt = performance.now();
  const answer = await fetch(`${system.identityUrl}/v1/sessions/${stay.sessionId}/revoke`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${system.identitySecretKey}` },
  });
  if (!answer.ok) throw new Error(`The identity server did not revoke: ${answer.status}`);
  const lastAt = await stay.tryUntil(revokedAt + kind.limitMs + kind.afterMs);
  stay.dispose();
  const ms = Math.max(0, Math.round(lastAt - revokedAt));
  const late = ms > kind.limitMs ? [`${kind.name}: the relay served a revoked sign-in after ${ms} ms.`] : [];
  return { ms, failures: late };
}

async function disturbed(
  bystander: RevokedStay,
  system: SmallSystem,
  kind: Kind,
  revoked: number,
): Promise<string[]> {
  const failures: string[] = [];
  if (!(await bystander.works()))
    failures.push(`${kind.name}: another sign-in of that person was disturbed.`);
  const reviewer = await system.enter(people.reviewer);
  const { headSeq } = await reviewer.call('audit.list', { afterSeq: 0, limit: 1 });
  let told = 0;
  for (let afterSeq = 0; afterSeq < headSeq; afterSeq += 500) {
    const { lines } = await reviewer.call('audit.list', { afterSeq, limit: 500 });
    told += lines.filter((line) => line.includes('"event":"access.revoked"')).length;
  }
  if (kind.webhooks && told !== revoked) failures.push(`${told} of ${revoked} revocations are in the audit.`);
  return failures;
}
