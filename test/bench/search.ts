import { verbs } from '#protocol/control/verbs.ts';
import type { VerbResult } from '#protocol/control/verbs.ts';
import { CallRefused } from '../harness/workspace-peer.ts';
import { percentile } from './bench.ts';
import type { Bench, BenchRun, Measure } from './bench.ts';
import { machineNames, seeded, slipAt } from './machine-names.ts';
import { startSearchRelay } from './search-relay.ts';
import type { SearchRelay } from './search-relay.ts';

const MACHINES = 100_000;
const QUERIES_A_KIND = 300;
const ODD_QUERIES = 10_000;
const RELAY_GOAL_MS = 5;
const ODD_GOAL_MS = 250;

type Found = VerbResult<'machine.search'>;

/** Machine search at 100,000 machines, as a console sees it: round trips on its socket, one after the other. */
export const searchBench: Bench = {
  name: 'search',
  says: 'prefix, substring and typo search at 100,000 machines; 10,000 odd queries',
  run: async (run) => {
    const random = seeded(20_260_217);
    const names = machineNames(MACHINES, random);
    run.log(`writing ${MACHINES.toLocaleString('en')} machines into the workspace's SQLite file`);
    const relay = await startSearchRelay(names);
    try {
      return await measure(relay, names, random, run);
    } finally {
      await relay.stop();
    }
  },
};

async function measure(
  { peer, cpuMs }: SearchRelay,
  names: readonly string[],
  random: () => number,
  run: BenchRun,
): Promise<readonly Measure[]> {
  const { log, signal } = run;
  const below = (limit: number) => Math.floor(random() * limit);
  const name = () => names[below(names.length)] ?? '';
  const search = (query: string) => peer.call('machine.search', { query, settled: false, limit: 100 });
  const kinds = {
    prefix: () => name().slice(0, 2 + below(12)),
    substring: () => {
      const text = name();
      const from = 1 + below(text.length - 6);
      return text.slice(from, from + 3 + below(text.length - from - 3)).trim();
    },
    'two words': () => `${name().slice(-5)} ${name().slice(0, 4)}`,
    absent: () => `${name().slice(0, -5)}${100_000 + below(899_999)}`,
    'one or two characters': () => {
      const text = name();
      return text.slice(below(text.length - 2)).slice(0, 1 + below(2));
    },
  };
  const measures: Measure[] = [];
  // The words of 100,000 machines are kept by the first searches that need them.
  for (let at = 0; at < 12; at += 1) await search('xyzzyx');
  for (let at = 0; at < 200; at += 1) await search(kinds.prefix());

  const emptyMs: number[] = [];
  const timed = async (query: string): Promise<{ found: Found; ms: number }> => {
    emptyMs.push((await elapsed(() => peer.call('runbook.list', {}))).ms);
    const { result, ms } = await elapsed(() => search(query));
    return { found: result, ms };
  };
  // Of a search and the empty verb beside it.
  const report = (kind: string, samples: readonly number[], cpu: number, goal: boolean) => {
    const empty = percentile(emptyMs.slice(-samples.length), 0.5);
    measures.push(
      {
        name: `${kind}: relay, p50`,
        value: Math.max(0, percentile(samples, 0.5) - empty),
        unit: 'ms',
        ...(goal && { goal: { atMost: RELAY_GOAL_MS } }),
      },
      { name: `${kind}: round trip, p50`, value: percentile(samples, 0.5), unit: 'ms' },
      { name: `${kind}: round trip, p99`, value: percentile(samples, 0.99), unit: 'ms' },
      { name: `${kind}: processor, mean`, value: cpu / samples.length, unit: 'ms' },
    );
  };

  for (const [kind, make] of Object.entries(kinds)) {
    log(`${kind}: ${QUERIES_A_KIND} queries`);
    const samples: number[] = [];
    const before = cpuMs();
    for (let at = 0; at < QUERIES_A_KIND && !signal.aborted; at += 1) {
      samples.push((await timed(make())).ms);
    }
    report(kind, samples, cpuMs() - before, kind === 'prefix' || kind === 'substring');
  }

  log(`typo: ${QUERIES_A_KIND} slips in words, ${QUERIES_A_KIND} anywhere in a name`);
  const before = cpuMs();
  const inWord = await slips(name, timed, random, wordPlaces, signal);
  report('typo', inWord.samples, cpuMs() - before, true);
  const anywhere = await slips(name, timed, random, allPlaces, signal);
  measures.push(
    { name: 'empty verb: round trip, p50', value: percentile(emptyMs, 0.5), unit: 'ms' },
    { name: 'one-letter slip in a word: found', value: inWord.recall, unit: '%' },
    { name: 'one-letter slip anywhere in a name: found', value: anywhere.recall, unit: '%' },
    {
      name: 'slip in a number: another machine offered',
      value: anywhere.wrong,
      unit: '',
      goal: { atMost: 0 },
    },
  );

  const page = await elapsed(() => peer.call('machine.list', { offset: 90_000, limit: 100 }));
  const [first] = page.result.machines;
  if (first !== undefined) {
    const { machineId, name: expected } = first;
    const rename = { machineId, expected, name: `${expected}-X`, confirmed: true };
    const renamed = await elapsed(() => peer.call('machine.rename', rename));
    measures.push(
      { name: 'a page of the list at 90,000', value: page.ms, unit: 'ms' },
      { name: 'a rename, look-alikes sought', value: renamed.ms, unit: 'ms' },
    );
  }
  return [...measures, ...(await askOddly({ peer, cpuMs }, random, run))];
}

async function slips(
  name: () => string,
  timed: (query: string) => Promise<{ found: Found; ms: number }>,
  random: () => number,
  places: (text: string) => readonly number[],
  signal: AbortSignal,
): Promise<{ samples: number[]; recall: number; wrong: number }> {
  const samples: number[] = [];
  let found = 0;
  let wrong = 0;
  while (samples.length < QUERIES_A_KIND && !signal.aborted) {
    const meant = name();
    const possible = places(meant);
    const at = possible[Math.floor(random() * possible.length)];
    if (at === undefined) continue;
    const query = slipAt(meant, at, random);
    if (query.toLowerCase() === meant.toLowerCase()) continue;
    const answer = await timed(query);
    samples.push(answer.ms);
    const { machines, close } = answer.found;
    if ([...machines, ...close].some((machine) => machine.name === meant)) found += 1;
    if (close.some((machine) => figures(machine.name) !== figures(query))) wrong += 1;
  }
  return { samples, recall: (100 * found) / Math.max(1, samples.length), wrong };
}

/** Letters of words that a slip is forgiven in: five letters and more, not the first part of the name. */
function wordPlaces(text: string): number[] {
  return [...text.matchAll(/(?<![a-z])[a-z]{5,}(?![a-z])/gi)]
    .filter(({ index }) => index > 0)
    .flatMap(({ index, 0: word }) => Array.from({ length: word.length - 1 }, (_, at) => index + at));
}

function allPlaces(text: string): number[] {
  return Array.from({ length: text.length - 1 }, (_, at) => at);
}

function figures(text: string): string {
  return text.replace(/\D+/g, ' ').trim();
}

async function askOddly(
  { peer, cpuMs }: Pick<SearchRelay, 'peer' | 'cpuMs'>,
  random: () => number,
  { log, signal }: BenchRun,
): Promise<readonly Measure[]> {
  log(`${ODD_QUERIES.toLocaleString('en')} odd queries`);
  const samples: number[] = [];
  let refused = 0;
  let errors = 0;
  let everything = 0;
  let mostCpu = 0;
  for (let at = 0; at < ODD_QUERIES && !signal.aborted; at += 1) {
    const query = oddQuery(random);
    const startedAt = performance.now();
    const cpuBefore = cpuMs();
    try {
      const answer = verbs['machine.search'].result.parse(
        await peer.call('machine.search', { query, settled: false, limit: 100 }),
      );
      if (answer.total > 0 && query.trim() !== '' && !answer.machines.every(holds(query))) everything += 1;
    } catch (error) {
      if (error instanceof CallRefused && error.code === 'query_invalid') refused += 1;
      else errors += 1;
    }
    samples.push(performance.now() - startedAt);
    const cpu = cpuMs() - cpuBefore;
    if (cpu > mostCpu) {
      mostCpu = cpu;
      log(`${cpu} ms of processor time: ${JSON.stringify(query.slice(0, 120))}`);
    }
  }
  return [
    { name: 'odd queries asked', value: samples.length, unit: '' },
    { name: 'odd queries refused as no name', value: refused, unit: '' },
    { name: 'odd queries that failed', value: errors, unit: '', goal: { atMost: 0 } },
    {
      name: 'odd queries answered with what does not hold them',
      value: everything,
      unit: '',
      goal: { atMost: 0 },
    },
    { name: 'odd query, most processor time', value: mostCpu, unit: 'ms', goal: { atMost: ODD_GOAL_MS } },
    {
      name: 'odd queries slower than 250 ms',
      value: samples.filter((ms) => ms > ODD_GOAL_MS).length,
      unit: '',
    },
    { name: 'odd query, slowest', value: Math.max(...samples), unit: 'ms', goal: { atMost: ODD_GOAL_MS } },
  ];
}

const ODD_PIECES: readonly string[] = [
  ...Array.from(`"'%_*?\\^$()[]{}|:;,.-+~#@!/<>=&\`\u0000\u0007\u001b\u200b\u200d\u202e\u2066\ufeffßİıſΩ漢é`),
  '\ud800',
  '\udc00',
  'AND',
  'OR',
  'NOT',
  'NEAR',
  'NEAR(',
  '""',
  "';--",
  '%%',
  '__',
  ' ',
  '  ',
  '\t',
  'name:',
  '*:*',
  'e\u0301',
  'west',
  'print',
  '-0',
  'corp.example',
  '1',
  'a',
  '<script>',
  '\u001b[31m',
  '{"x":1}',
];

function oddQuery(random: () => number): string {
  const size = random();
  const length = size < 0.9 ? 1 + random() * 12 : size < 0.97 ? random() * 300 : 10_240;
  let query = '';
  while (query.length < length) query += ODD_PIECES[Math.floor(random() * ODD_PIECES.length)] ?? '';
  return query;
}

function holds(query: string) {
  const words = query.normalize('NFC').toLowerCase().split(/\s+/u);
  return ({ name, hostname }: Found['machines'][number]) =>
    words.every((word) => name.toLowerCase().includes(word) || hostname.toLowerCase().includes(word));
}

async function elapsed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly ms: number }> {
  const startedAt = performance.now();
  const result = await work();
  return { result, ms: performance.now() - startedAt };
}
