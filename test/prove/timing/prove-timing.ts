// Show 2: what another organization has and what nobody has are told apart neither by what comes back, to the byte,
// nor by how long that takes. Pairs in random order, one after the other, on one line; the Mann–Whitney U test.
import { randomInt } from 'node:crypto';
import { ENTER, granted } from '../attack/attack-console.ts';
import type { AttackConsole } from '../attack/attack-console.ts';
import { createCanaries } from '../attack/canaries.ts';
import { ProveSocket } from '../attack/prove-socket.ts';
import { factsOf, newMachineKey, postEnrollment } from '../organizations/light-agent.ts';
import { enterAs, setUpOrganization } from '../organizations/organization.ts';
import type { Organization, SetUp } from '../organizations/organization.ts';
import { decoyOf, newUlid, swapped, withoutIds } from '../organizations/subject.ts';
import type { Subject } from '../organizations/subject.ts';
import type { PartReport, ProveRun } from '../part.ts';
import { clerkId, mintToken, tokenSource } from '../tokens/mint.ts';
import { mannWhitney } from './mann-whitney.ts';
import { exchangeRaw } from './raw-exchange.ts';

const PAIRS = 2000;
const PAIRS_QUICK = 200;
/**
 * How far the AUC may be from 0.5. Of two samples of 2,000 from one distribution it is within 0.009 two times of
 * three, and beyond this limit once in a thousand.
 */
const AUC_LIMIT = 0.03;
const AUC_LIMIT_QUICK = 0.1;
/** Frames that are the same; what a key makes of it is not. */
const WEBSOCKET = [
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];

interface Question {
  readonly name: string;
  /** Asks about something of this subject. */
  readonly ask: (subject: Subject) => Promise<string>;
}

export async function proveTiming({ log, quick, relay: start, signal }: ProveRun): Promise<PartReport> {
  const relay = await start();
  const canaries = createCanaries();
  const setUp: SetUp = { relay, canaries, onOwn: canaries.claim };
  const mine = await setUpOrganization(setUp, 0);
  const others = [await setUpOrganization(setUp, 1), await setUpOrganization(setUp, 2)];
  const foreign = others.map(({ subject }) => subject);
  // As many of nobody's as of theirs, asked for as often: a memory for ids would show as well.
  const unknown = foreign.map((subject) => decoyOf(subject, () => ''));
  const breaches: string[] = [];
  const pairs = quick ? PAIRS_QUICK : PAIRS;

  const console = await enteredConsole(setUp, mine);
  const bytes =
    (await compareBytes(setUp, mine, foreign[0] ?? mine.subject, breaches)) +
    (await compareRemoved(setUp, console, breaches));
  const latency: Record<string, unknown> = {};
  for (const question of questions(setUp, mine, console)) {
    if (signal.aborted) break;
    const measured = await interleave(question, foreign, unknown, pairs, signal);
    latency[question.name] = measured;
    log(
      `${question.name}: AUC ${measured.auc.toFixed(3)}, p ${measured.p.toFixed(3)}, medians ${measured.foreignMs} and ${measured.unknownMs} ms, ${pairs} pairs`,
    );
    if (Math.abs(measured.auc - 0.5) >= (quick ? AUC_LIMIT_QUICK : AUC_LIMIT))
      breaches.push(
        `${question.name}: another organization’s takes another time than nobody’s (AUC ${measured.auc.toFixed(3)})`,
      );
  }
  // Shows that the test would see a difference: what is one's own takes longer to answer than what does not exist.
  const [ask] = questions(setUp, mine, console);
  const own =
    ask === undefined ? null : await interleave(ask, [mine.subject], unknown, Math.min(pairs, 500), signal);
  if (own !== null)
    log(`one’s own against nobody’s, for comparison: AUC ${own.auc.toFixed(3)}, p ${own.p.toExponential(1)}`);
  console.socket.cut();
  for (const { agent } of [mine, ...others]) agent.dispose();
  return {
    breaches,
    summary: `${bytes} answers identical to the byte, latency of ${pairs} pairs ${breaches.length === 0 ? 'not separable' : 'separable'} (Mann–Whitney U, |AUC − 0.5| < ${quick ? AUC_LIMIT_QUICK : AUC_LIMIT})`,
    figures: {
      test: 'Mann–Whitney U',
      pairs,
      aucLimit: quick ? AUC_LIMIT_QUICK : AUC_LIMIT,
      latency,
      ownForComparison: own,
      answersComparedToTheByte: bytes,
    },
  };
}

async function enteredConsole(setUp: SetUp, { admin }: Organization): Promise<AttackConsole> {
  const console = await enterAs(setUp, { ...admin, sid: clerkId('sess') });
  granted('workspace.enter', await console.call('workspace.enter', ENTER));
  return console;
}

/** Where a difference would be worth something: the directory, recordings, sessions, and a socket to a session. */
function questions(setUp: SetUp, mine: Organization, console: AttackConsole): readonly Question[] {
  const call = (verb: string, params: (subject: Subject) => unknown): Question => ({
    name: verb,
    ask: async (subject) => {
      const answer = await console.call(verb, params(subject));
      return answer.kind === 'lost' ? '' : answer.kind === 'reply' ? answer.text : answer.code;
    },
  });
  const token = tokenSource(() => mintToken(setUp.relay, mine.admin));
  return [
    call('machine.get', ({ machineId }) => ({ machineId })),
    call('recording.read', ({ recordedId }) => ({ sessionId: recordedId, cursor: 0 })),
    call('session.close', ({ recordedId }) => ({ sessionId: recordedId })),
    {
      name: 'terminal socket',
      ask: async ({ machineId, recordedId }) => {
        const socket = await ProveSocket.dial({
          url: `${setUp.relay.url}/v1/terminals/${machineId}/${recordedId}`,
          headers: { Authorization: `Bearer ${token()}` },
        });
        const ending = socket instanceof ProveSocket ? await socket.ended : socket;
        return ending.kind === 'lost' ? '' : ending.code;
      },
    },
  ];
}

async function interleave(
  { ask }: Question,
  foreign: readonly Subject[],
  unknown: readonly Subject[],
  pairs: number,
  signal: AbortSignal,
) {
  const timesMs: [number[], number[]] = [[], []];
  const measure = async (which: 0 | 1, index: number): Promise<void> => {
    const pool = which === 0 ? foreign : unknown;
    const subject = pool[index % pool.length];
    if (subject === undefined) throw new Error('nobody to ask about');
    const from = performance.now();
    await ask(subject);
    timesMs[which].push(performance.now() - from);
  };
  for (let warm = 0; warm < 20; warm += 1) await ask(unknown[0] ?? foreign[0] ?? Object.create(null));
  for (let index = 0; index < pairs && !signal.aborted; index += 1) {
    const first = randomInt(2) === 0 ? 0 : 1;
    await measure(first, index);
    await measure(first === 0 ? 1 : 0, index);
  }
  return { ...mannWhitney(...timesMs), foreignMs: median(timesMs[0]), unknownMs: median(timesMs[1]) };
}

function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return Math.round(middle * 1000) / 1000;
}

const ROUNDS = 20;

/** Whole answers over the wire, theirs against nobody's. @returns how many were compared */
async function compareBytes(
  setUp: SetUp,
  mine: Organization,
  theirs: Subject,
  breaches: string[],
): Promise<number> {
  const { url } = setUp.relay;
  const key = newMachineKey();
  const bearer = `Authorization: Bearer ${mintToken(setUp.relay, mine.admin)}`;
  const exchanges: Readonly<Record<string, (subject: Subject) => Promise<string>>> = {
    'terminal socket': ({ machineId, sessionId }) =>
      exchangeRaw(url, [`GET /v1/terminals/${machineId}/${sessionId} HTTP/1.1`, ...WEBSOCKET, bearer]),
    'terminal address': ({ machineId, sessionId }) =>
      exchangeRaw(url, [`GET /v1/terminals/${machineId}/${sessionId} HTTP/1.1`, bearer, 'Connection: close']),
    'agent socket': ({ credential }) =>
      exchangeRaw(url, [
        'GET /v1/agent HTTP/1.1',
        ...WEBSOCKET,
        `Authorization: Machine ${swapped(credential, mine.subject.credential)}`,
      ]),
    'agent’s data socket': ({ credential }) =>
      exchangeRaw(url, [
        'GET /v1/agent/terminal HTTP/1.1',
        ...WEBSOCKET,
        `Authorization: Ticket ${swapped(credential, mine.usedTicket)}`,
      ]),
    enrollment: ({ enrollmentCode }) =>
      exchangeRaw(
        url,
        ['POST /v1/enroll HTTP/1.1', 'Content-Type: application/json', 'Connection: close'],
        JSON.stringify({
          code: swapped(enrollmentCode, mine.subject.enrollmentCode),
          publicKey: key.publicKey,
          facts: factsOf('x'),
        }),
      ),
    'landing page': ({ org, machineId }) =>
      exchangeRaw(url, [`GET /open/${org}/${machineId} HTTP/1.1`, 'Connection: close']),
  };
  let compared = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const nobody = { ...decoyOf(theirs, () => ''), machineId: `mac_${newUlid()}` };
    for (const [name, exchange] of Object.entries(exchanges)) {
      const [told, expected] = [
        withoutIds(await exchange(theirs), theirs),
        withoutIds(await exchange(nobody), nobody),
      ];
      compared += 1;
      if (told !== expected)
        breaches.push(`${name}: another organization’s is answered otherwise than nobody’s`);
      if (told === '') breaches.push(`${name}: no answer`);
    }
  }
  return compared;
}

const REMOVED_NAME = 'GONE-01';

/** What was here and is removed is answered as what never was. @returns how many answers were compared */
async function compareRemoved(setUp: SetUp, console: AttackConsole, breaches: string[]): Promise<number> {
  const { code } = granted(
    'enrollment.create',
    await console.call('enrollment.create', { machineName: REMOVED_NAME }),
  );
  const { enrolled } = await postEnrollment(setUp.relay.url, String(code), newMachineKey(), 'gone-01');
  if (enrolled === null) throw new Error('the machine that is to be removed was not enrolled');
  const { machineId } = enrolled;
  granted('machine.remove', await console.call('machine.remove', { machineId, name: REMOVED_NAME }));
  const size = { cols: 80, rows: 24 };
  const calls: Readonly<Record<string, (id: string) => unknown>> = {
    'machine.get': (id) => ({ machineId: id }),
    'machine.probe': (id) => ({ machineId: id }),
    'machine.rename': (id) => ({ machineId: id, expected: REMOVED_NAME, name: 'GONE-02', confirmed: true }),
    'machine.remove': (id) => ({ machineId: id, name: REMOVED_NAME }),
    'machine.release': (id) => ({ machineId: id }),
    'link.open': (id) => ({ machineId: id, alertId: null }),
    'session.open': (id) => ({ machineId: id, size }),
  };
  for (const [verb, params] of Object.entries(calls)) {
    const [removed, never] = [
      await console.call(verb, params(machineId)),
      await console.call(verb, params(`mac_${newUlid()}`)),
    ];
    const same = removed.kind === 'reply' && never.kind === 'reply' && removed.text === never.text;
    if (!same) breaches.push(`${verb}: what was removed is answered otherwise than what never was`);
  }
  return Object.keys(calls).length;
}
