import { verbs } from '#protocol/control/verbs.ts';
import type { VerbName } from '#protocol/control/verbs.ts';
import type { Call } from '../../renderer/connection/relay-client.ts';
import { createReview } from '../../renderer/features/review/review-store.ts';
import { readTerminal } from '../../renderer/terminal/late-terminal.ts';
import { fillNight } from '../harness/night.ts';
import { CallRefused } from '../harness/workspace-peer.ts';
import type { WorkspacePeer } from '../harness/workspace-peer.ts';
import { createEvidenceWorld } from '../prove/evidence/evidence-world.ts';
import { percentile } from './bench.ts';
import type { Bench, BenchRun, Measure } from './bench.ts';

const WORKSPACES = 40;
const SESSIONS_EACH = 3;
/** Of the first workspaces, one each. */
const ATTEMPTS = 9;
const HOURS = 12;

/** The morning after: every workspace of the night, through the console's own review, key by key. */
export const reviewBench: Bench = {
  name: 'review',
  says: 'a night of 40 clients, 120 sessions and 9 attempts, reviewed with the console’s own keys',
  run: benchReview,
};

async function benchReview({ log, signal }: BenchRun): Promise<readonly Measure[]> {
  const world = await createEvidenceWorld();
  const dispose: (() => void)[] = [];
  try {
    await world.start();
    const clients: WorkspacePeer[] = [];
    for (let number = 0; number < WORKSPACES && !signal.aborted; number += 1) {
      const org = world.newOrg();
      const admin = await world.enter(org);
      const night = await fillNight({
        relayUrl: world.url,
        machineName: `PRINT-${number}`,
        sessions: SESSIONS_EACH,
        // A failed command in every second client.
        failsEvery: number % 2 === 0 ? SESSIONS_EACH : SESSIONS_EACH + 1,
        attempts: number < ATTEMPTS ? 1 : 0,
        enterTechnician: () => world.enter(org),
        admin,
      });
      dispose.push(night.dispose, () => admin.dispose());
      clients.push(admin);
      if (clients.length % 10 === 0) log(`${clients.length} clients have had their night`);
    }
    const rounds = [];
    for (const client of clients) rounds.push(await reviewOne(client));
    const odd = rounds.filter(({ exceptions }) => exceptions > 0);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    return [
      { name: 'sessions', value: sum(rounds.map(({ sessions }) => sessions)), unit: '' },
      { name: 'exceptions', value: sum(rounds.map(({ exceptions }) => exceptions)), unit: '' },
      {
        name: 'open a review, p95',
        value: percentile(
          rounds.map(({ openMs }) => openMs),
          0.95,
        ),
        unit: 'ms',
        goal: { atMost: 100 },
      },
      {
        name: 'search in commands, p95',
        value: percentile(
          rounds.map(({ searchMs }) => searchMs),
          0.95,
        ),
        unit: 'ms',
        goal: { atMost: 100 },
      },
      {
        name: 'keys for a client with exceptions, median',
        value: percentile(
          odd.map(({ keys }) => keys),
          0.5,
        ),
        unit: '',
      },
      {
        name: 'keys for a client with exceptions, most',
        value: Math.max(...odd.map(({ keys }) => keys)),
        unit: '',
      },
      { name: 'keys for the whole night', value: sum(rounds.map(({ keys }) => keys)), unit: '' },
      {
        name: 'the two with the most, at a key a second',
        value: sum(
          rounds
            .map(({ keys }) => keys)
            .toSorted((a, b) => b - a)
            .slice(0, 2),
        ),
        unit: 's',
        gate: { atMost: 90 },
      },
    ];
  } finally {
    for (const end of dispose) end();
    await world.dispose();
  }
}

/** As a person does: look at each exception, then all clean ones at once, then complete. */
async function reviewOne(client: WorkspacePeer) {
  const nowhere = () => Promise.reject(new Error('nothing is written'));
  const file = { begin: nowhere, append: nowhere, end: nowhere, cancel: nowhere };
  const review = createReview(callOf(client), Date.now, file, readTerminal);
  const openedAt = performance.now();
  await review.open(HOURS);
  const openMs = performance.now() - openedAt;
  const { found } = review.store.getState();
  if (found.kind !== 'open') throw new Error(`the review is ${found.kind}`);
  const exceptions = found.items.filter(({ exception }) => exception).length;
  const searchedAt = performance.now();
  await review.search.search('restart cups');
  const searchMs = performance.now() - searchedAt;
  for (let left = exceptions; left > 0; left -= 1) review.mark();
  review.markClean();
  await review.complete();
  const { completed } = review.store.getState();
  if (completed === null) throw new Error('the review is not complete');
  if (completed.exceptions !== exceptions) throw new Error('the relay counts other exceptions');
  return { openMs, searchMs, exceptions, sessions: completed.sessions, keys: exceptions + 2 };
}

/** Answers as the console's connection does. */
function callOf(client: WorkspacePeer): Call {
  const call = async (verb: VerbName, params: never) => {
    try {
      return { ok: true, result: verbs[verb].result.parse(await client.call(verb, params)) };
    } catch (error) {
      if (!(error instanceof CallRefused)) throw error;
      return { ok: false, error: { code: error.code, text: error.message } };
    }
  };
  return call as unknown as Call;
}
