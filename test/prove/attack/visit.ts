// One organization tries another: a sign-in of its own, everything the relay can be asked, with whatever the other has.
// Each call is made twice, with theirs and with what nobody has; the answers must be the same to the byte.
import { VERB_NAMES } from '#protocol/control/verbs.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import type { Organization } from '../organizations/organization.ts';
import { decoyOf, withoutIds } from '../organizations/subject.ts';
import type { Subject } from '../organizations/subject.ts';
import { clerkId, mintToken, tokenSource } from '../tokens/mint.ts';
import type { Bearer } from '../tokens/mint.ts';
import { AttackConsole, ENTER, RelayLost } from './attack-console.ts';
import type { CallAnswer } from './attack-console.ts';
import { naming } from './attack.ts';
import type { Attack, Pair } from './attack.ts';
import { attackAsMachine } from './machine-attacks.ts';
import { ProveSocket } from './prove-socket.ts';
import type { Ending } from './prove-socket.ts';
import { attackRoutes } from './route-attacks.ts';
import { smuggledInto, verbCases } from './verb-cases.ts';
import type { VerbCase } from './verb-cases.ts';

type Refused = Exclude<Ending, { kind: 'lost' }>;

interface Own {
  readonly bearer: Bearer;
  readonly token: () => string;
}

/** Everything from `mine` against `theirs`. Throws RelayLost when the relay went away: try again. */
export async function visit(attack: Attack, mine: Organization, theirs: Subject): Promise<void> {
  const token = (org: string): string =>
    mintToken(attack.relay, { ...mine.admin, org, sid: clerkId('sess') });
  const pair: Pair = { mine, theirs, nobody: decoyOf(theirs, token) };
  const bearer: Bearer = { ...mine.admin, sid: clerkId('sess') };
  const own: Own = { bearer, token: tokenSource(() => mintToken(attack.relay, bearer)) };
  attack.canaries.claim(mine.subject.org, bearer.sid);

  const inside = await enterNaming(attack, pair, own);
  await Promise.all(VERB_NAMES.map((verb) => tryVerb(attack, pair, inside, bearer, verb)));
  await tryTerminals(attack, pair, own);
  await tryToken(attack, pair, inside);
  await leaveNaming(attack, pair, own);
  await Promise.all([attackAsMachine(attack, pair), attackRoutes(attack, pair)]);
}

async function dialNaming(
  attack: Attack,
  pair: Pair,
  token: () => string,
  path: string,
): Promise<ProveSocket | Refused> {
  const { org } = pair.mine.subject;
  const named = naming(attack, pair, path);
  const socket = await ProveSocket.dial({
    url: named.url,
    headers: { ...named.headers, Authorization: `Bearer ${token()}` },
    onReceived: (text) => {
      const found = attack.canaries.foreign(org, text);
      if (found.length > 0) attack.score.breach(`another organization’s was received: ${kindOf(text)}`);
    },
  });
  if (!(socket instanceof ProveSocket) && socket.kind === 'lost') throw new RelayLost(path);
  return socket;
}

async function enterNaming(attack: Attack, pair: Pair, own: Own): Promise<AttackConsole> {
  const { org } = pair.mine.subject;
  const socket = await dialNaming(attack, pair, own.token, '/v1/workspace');
  if (!(socket instanceof ProveSocket)) throw new Error(`an honest console was refused: ${socket.code}`);
  const inside = new AttackConsole(socket, own.token);
  const answer = await inside.call('workspace.enter', smuggledInto(ENTER, pair.theirs));
  if (answer.kind === 'lost') throw new RelayLost('workspace.enter');
  const home = answer.kind === 'reply' && answer.ok && answer.text.includes(pair.mine.canary);
  attack.score.call(
    'route workspace',
    home ? null : `one’s own token, another named beside: ${codeOf(answer)}`,
  );
  attack.score.call('workspace.enter', home ? null : `another named in its parameters: ${codeOf(answer)}`);
  if (!home) throw new Error(`an honest console did not enter its own workspace: ${codeOf(answer)}`);
  attack.canaries.claim(org, answer.text);
  return inside;
}

async function tryVerb(
  attack: Attack,
  pair: Pair,
  inside: AttackConsole,
  bearer: Bearer,
  verb: string,
): Promise<void> {
  const found = verbCases[verb];
  if (found === undefined || found.kind === 'visit') return;
  const foreign = callsOf(found, pair.mine.subject, pair.theirs, pair.theirs);
  const unknown = callsOf(found, pair.mine.subject, pair.nobody, pair.theirs);
  for (const [index, params] of foreign.entries()) {
    const [answer, same] = await Promise.all([inside.call(verb, params), inside.call(verb, unknown[index])]);
    for (const one of [answer, same]) note(attack, bearer, verb, one);
    if (answer.kind === 'lost' || same.kind === 'lost') throw new RelayLost(verb);
    attack.score.call(verb, problemOf(found, attack, pair, answer, same));
  }
}

/** The calls of a case, and the first once more with the other organization slipped in beside. */
function callsOf(found: VerbCase, mine: Subject, named: Subject, slipped: Subject) {
  const calls = found.calls(mine, named);
  const [first] = calls;
  return first === undefined ? [] : [...calls, smuggledInto(first, slipped)];
}

/** How a call was answered that must not be; null when it was not. */
function problemOf(
  found: VerbCase,
  attack: Attack,
  pair: Pair,
  answer: CallAnswer,
  same: CallAnswer,
): string | null {
  if (answer.kind === 'lost' || same.kind === 'lost') return null;
  if (answer.kind !== 'reply') return `the socket was closed with ${answer.code}`;
  const leaked = attack.canaries.foreign(pair.mine.subject.org, answer.text);
  if (leaked.length > 0) return 'the answer holds something of another organization';
  if (found.kind === 'own') return null;
  if (answer.ok) return 'was granted';
  const [told, expected] = [
    withoutIds(answer.text, pair.theirs),
    same.kind === 'reply' ? withoutIds(same.text, pair.nobody) : '',
  ];
  return told === expected
    ? null
    : `told apart from what does not exist: ${answer.code}, not ${codeOf(same)}`;
}

function note(attack: Attack, bearer: Bearer, verb: string, answer: CallAnswer): void {
  if (answer.kind === 'lost') attack.ledger.inDoubt(bearer.org, bearer.userId, verb);
  else if (answer.kind === 'reply' && !answer.ok)
    attack.ledger.told(bearer.org, bearer.userId, verb, answer.code);
}

/** Sockets to sessions: theirs, theirs on one's own machine, one's own on theirs; and one's own, another named beside. */
async function tryTerminals(attack: Attack, pair: Pair, own: Own): Promise<void> {
  const { mine, theirs, nobody } = pair;
  const paths = (named: Subject): string[] => [
    `${named.machineId}/${named.sessionId}`,
    `${named.machineId}/${named.recordedId}`,
    `${mine.subject.machineId}/${named.sessionId}`,
    `${named.machineId}/${mine.subject.sessionId}`,
    `${mine.subject.machineId}/..%2f..%2f${named.org}%2f${named.machineId}%2f${named.sessionId}`,
  ];
  const unknown = paths(nobody);
  await Promise.all(
    paths(theirs).map(async (path, index) => {
      const [ending, same] = await Promise.all([
        terminalEnding(attack, pair, own, path),
        terminalEnding(attack, pair, own, unknown[index] ?? ''),
      ]);
      const isSame = ending.code === same.code && ending.told === same.told;
      const problem = isSame && ending.code === 'not_found' ? null : `told ${ending.code}, not ${same.code}`;
      attack.score.call('route terminal', problem);
    }),
  );
  await tryOwnTerminal(attack, pair);
}

async function terminalEnding(
  attack: Attack,
  pair: Pair,
  { bearer, token }: Own,
  path: string,
): Promise<Refused> {
  const socket = await dialNaming(attack, pair, token, `/v1/terminals/${path}`).catch((error: unknown) => {
    // The relay died over the upgrade: the refusal that was to come may be recorded already.
    if (error instanceof RelayLost) attack.ledger.inDoubt(bearer.org, bearer.userId, 'terminal.connect');
    throw error;
  });
  if (!(socket instanceof ProveSocket)) {
    attack.ledger.told(bearer.org, bearer.userId, 'terminal.connect', socket.code);
    return socket;
  }
  const ready = socket.next((text) => text.includes('"ready"'));
  socket.send({
    type: 'hello',
    protocolVersion: PROTOCOL_VERSION,
    outputOffsetBytes: 0,
    size: { cols: 80, rows: 24 },
  });
  const first = await ready;
  socket.cut();
  if (typeof first === 'string') return { kind: 'closed', code: 'ready', told: first };
  if (first.kind === 'lost') {
    attack.ledger.inDoubt(bearer.org, bearer.userId, 'terminal.connect');
    throw new RelayLost('terminal');
  }
  attack.ledger.told(bearer.org, bearer.userId, 'terminal.connect', first.code);
  return first;
}

/** One's own session, with every message naming the other's: it stays one's own. */
async function tryOwnTerminal(attack: Attack, pair: Pair): Promise<void> {
  const { subject, admin } = pair.mine;
  const socket = await dialNaming(
    attack,
    pair,
    () => mintToken(attack.relay, admin),
    `/v1/terminals/${subject.machineId}/${subject.sessionId}`,
  );
  if (!(socket instanceof ProveSocket)) throw new Error(`one’s own session was refused: ${socket.code}`);
  const beside = { sessionId: pair.theirs.sessionId, machineId: pair.theirs.machineId, org: pair.theirs.org };
  const size = { cols: 80, rows: 24 };
  const ready = socket.next((text) => text.includes('"ready"'));
  socket.send({ type: 'hello', protocolVersion: PROTOCOL_VERSION, outputOffsetBytes: 0, size, ...beside });
  socket.send({ type: 'resize', size, ...beside });
  const first = await ready;
  socket.cut();
  if (typeof first !== 'string' && first.kind === 'lost') throw new RelayLost('own terminal');
  // A terminal whose entry has no console is detached now and then; that says nothing of anyone else's.
  const fine =
    typeof first === 'string' || first.code === 'token_expired' || first.code === 'session_taken_over';
  if (typeof first !== 'string') attack.ledger.told(admin.org, admin.userId, 'terminal.connect', first.code);
  for (const message of ['hello', 'resize'])
    attack.score.call(`terminal ${message}`, fine ? null : `one’s own session was refused: ${first.code}`);
}

/** Verifications behind a renewal; by then its socket is closed, if it will be. */
const LATER_CALLS = 8;

/** A renewal with the other organization’s token ends the socket, as with any that is not the same. */
async function tryToken(attack: Attack, pair: Pair, inside: AttackConsole): Promise<void> {
  inside.socket.send({ type: 'token', token: pair.theirs.token() });
  for (let call = 0; call < LATER_CALLS && inside.socket.isOpen; call += 1)
    await inside.call('workspace.reverify', { token: pair.nobody.token() });
  if (inside.socket.isOpen) {
    inside.socket.cut();
    attack.score.call('token', 'a renewal for another organization was taken');
    return;
  }
  const ending = await inside.socket.ended;
  if (ending.kind === 'lost') throw new RelayLost('token');
  const problem =
    ending.code === 'token_invalid' ? null : `a renewal for another organization: ${ending.code}`;
  attack.score.call('token', problem);
}

/** Back on the same sign-in, out naming the other; spent from then on. */
async function leaveNaming(attack: Attack, pair: Pair, own: Own): Promise<void> {
  const inside = await enterNaming(attack, pair, own);
  const left = await inside.call('workspace.leave', smuggledInto({ reason: 'closed' }, pair.theirs));
  if (left.kind === 'lost') throw new RelayLost('workspace.leave');
  attack.score.call(
    'workspace.leave',
    left.kind === 'reply' && left.ok ? null : `one’s own stay: ${codeOf(left)}`,
  );
  await inside.socket.ended;
}

export function codeOf(answer: CallAnswer): string {
  if (answer.kind === 'reply') return answer.ok ? 'granted' : answer.code;
  return answer.kind === 'lost' ? 'lost' : answer.code;
}

/** What a message is, without what it says. */
export function kindOf(text: string): string {
  return /"type":"([\w.]+)"/.exec(text)?.[1] ?? (text.startsWith('<') ? 'page' : 'frame');
}
