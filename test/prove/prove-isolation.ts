// The first half of Show 1: organizations that hold something in every place, and each tries everything on every other,
// while sign-ins race, the relay is killed, and someone honest works beside. Afterwards everything of everyone is as it
// was, and each denial is in the audit of whoever was denied.
import { setTimeout as delay } from 'node:timers/promises';
import { RelayLost } from './attack/attack-console.ts';
import type { Attack } from './attack/attack.ts';
import { createCanaries } from './attack/canaries.ts';
import { DenialLedger } from './attack/denial-ledger.ts';
import { gaps } from './attack/discovery.ts';
import { inParallel } from './attack/in-parallel.ts';
import { ROUTE_CASES } from './attack/route-attacks.ts';
import { Scoreboard } from './attack/scoreboard.ts';
import { race, showElsewhere } from './attack/sign-in-races.ts';
import { visit } from './attack/visit.ts';
import { conditionOf, faultsOf } from './organizations/condition.ts';
import type { Condition } from './organizations/condition.ts';
import { startHonestSession } from './organizations/honest-session.ts';
import { setUpOrganization } from './organizations/organization.ts';
import type { Organization, SetUp } from './organizations/organization.ts';
import type { PartReport, ProveRun } from './part.ts';
import type { ProvenRelay } from './relay/proven-relay.ts';
import { clerkId } from './tokens/mint.ts';

const ORGANIZATIONS = 20;
const ORGANIZATIONS_QUICK = 4;
/** One at a time for each who tries: its standing session is its own to break. */
const AT_ONCE = 6;
/** Crashes of the relay, spread over the visits. */
const CRASHES = 4;

export async function proveIsolation(run: ProveRun): Promise<PartReport> {
  const { log, quick, relay: start, signal } = run;
  const score = new Scoreboard();
  for (const gap of gaps(ROUTE_CASES)) score.breach(gap);
  const relay = await start();
  const attack: Attack = { relay, canaries: createCanaries(), ledger: new DenialLedger(), score };
  const { canaries } = attack;
  const setUp: SetUp = { relay, canaries, onOwn: canaries.claim };
  const lookThrough: SetUp = {
    ...setUp,
    onOwn: (org, text) => {
      if (canaries.foreign(org, text).length > 0)
        score.breach('its own people received another organization’s');
    },
  };
  const organizations: Organization[] = [];
  const honest = await startHonestSession(relay);
  try {
    const count = run.organizations ?? (quick ? ORGANIZATIONS_QUICK : ORGANIZATIONS);
    await inParallel([...Array(count).keys()], 4, signal, async (index) => {
      organizations.push(await setUpOrganization(setUp, index));
    });
    const before = new Map<Organization, Condition>();
    await inParallel(organizations, 4, signal, async (organization) => {
      before.set(organization, await conditionOf(setUp, organization));
    });
    log(`${count} organizations, each with machines, sessions, a recording, runbooks, codes, reviews`);

    const crashes = await tryAll(attack, organizations, quick, log, signal);

    await inParallel(organizations, 4, signal, async (organization) => {
      const faults = await faultsOf(lookThrough, organization, before.get(organization) ?? {}, attack.ledger);
      for (const fault of faults) score.breach(`after all that, of an organization: ${fault}`);
      if (canaries.ownSeen(organization.subject.org) < 10)
        score.breach('an organization did not see its own words: the search for them is blind');
    });
    const { faults, ...bytes } = await honest.finish();
    for (const fault of faults) score.breach(`the honest session: ${fault}`);
    log(
      `${bytes.bytesOut} bytes out and ${bytes.bytesIn} in of the honest session, exact through ${bytes.cuts} cuts`,
    );
    return {
      breaches: score.breaches,
      summary: `${score.calls} cross-organization calls, ${score.answered} answered`,
      figures: {
        organizations: count,
        orderedPairs: count * (count - 1),
        calls: score.calls,
        answered: score.answered,
        crashes,
        honestSession: bytes,
        perKind: score.perKind,
      },
    };
  } catch (error) {
    // Who was locked out of what is their own cannot go on; what was found before says why.
    score.breach(`could not go on: ${error instanceof Error ? error.message : String(error)}`);
    return {
      breaches: score.breaches,
      summary: `${score.calls} cross-organization calls, ${score.answered} answered, then it could not go on`,
      figures: { calls: score.calls, answered: score.answered, perKind: score.perKind },
    };
  } finally {
    honest.dispose();
    for (const { agent } of organizations) agent.dispose();
  }
}

/** Everyone against everyone. @returns how often the relay was killed meanwhile */
async function tryAll(
  attack: Attack,
  organizations: readonly Organization[],
  quick: boolean,
  log: ProveRun['log'],
  signal: AbortSignal,
): Promise<number> {
  const traveller = clerkId('user');
  const pairs = organizations.length * (organizations.length - 1);
  const crashEvery = Math.ceil(pairs / ((quick ? 1 : CRASHES) + 1));
  let done = 0;
  let crashes = 0;
  let crash: Promise<void> = Promise.resolve();
  await inParallel(organizations, AT_ONCE, signal, async (mine) => {
    for (const theirs of organizations) {
      if (theirs === mine || signal.aborted) continue;
      await persist(attack.relay, () => visit(attack, mine, theirs.subject));
      await persist(attack.relay, () =>
        showElsewhere(attack, traveller, theirs.subject.org, mine.subject.org),
      );
      await persist(attack.relay, () => race(attack, traveller, mine.subject.org, theirs.subject.org));
      done += 1;
      if (done % 20 === 0)
        log(`${done} of ${pairs} pairs, ${attack.score.calls} calls, ${attack.score.answered} answered`);
      const { restart } = attack.relay;
      if (restart !== null && done % crashEvery === 0 && done < pairs) {
        crashes += 1;
        crash = crash.then(restart);
        log(`the relay is killed (${crashes})`);
      }
    }
  });
  await crash;
  return crashes;
}

const TRIES = 8;
const RETRY_MS = 300;

/** Does a step again that a crash of the relay broke. Other errors are breaches of the proof itself, and end it. */
async function persist(relay: ProvenRelay, step: () => Promise<void>): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof RelayLost) || tried === TRIES) throw error;
      await delay(RETRY_MS);
      await untilServing(relay);
    }
  }
}

async function untilServing(relay: ProvenRelay): Promise<void> {
  for (let tried = 0; tried < 100; tried += 1) {
    const answer = await fetch(`${relay.url}/healthz`).catch(() => null);
    await answer?.text();
    if (answer?.ok === true) return;
    await delay(100);
  }
  throw new Error('the relay does not serve any more');
}
