// What a machine of one organization tries at another: its own key and credential, and whatever the other has.
import { helloFor } from '../organizations/light-agent.ts';
import { swapped, unsealed, withoutIds } from '../organizations/subject.ts';
import type { Subject } from '../organizations/subject.ts';
import { RelayLost } from './attack-console.ts';
import { ProveSocket } from './prove-socket.ts';
import { naming } from './attack.ts';
import type { Attack, Pair } from './attack.ts';

export async function attackAsMachine(attack: Attack, pair: Pair): Promise<void> {
  await speakAsSpare(attack, pair);
  speakInSession(attack, pair);
  await Promise.all([showForged(attack, pair, 'Machine'), showForged(attack, pair, 'Ticket')]);
}

/** The spare machine proves its own key, and says that the other's sessions live on it. */
async function speakAsSpare(attack: Attack, pair: Pair): Promise<void> {
  const { mine, theirs, nobody } = pair;
  const { enrolled, key, hostname } = mine.spare;
  const named = naming(attack, pair, '/v1/agent');
  const socket = await ProveSocket.dial({
    url: named.url,
    headers: { ...named.headers, Authorization: `Machine ${enrolled.credential}` },
    onReceived: (text) => {
      // It is told to close the sessions that it named, whosever they are: its own words come back.
      const found = attack.canaries.foreign(
        mine.subject.org,
        text,
        new Set([theirs.sessionId, theirs.recordedId]),
      );
      if (found.length > 0) attack.score.breach('another organization’s was received by a machine');
    },
  });
  if (!(socket instanceof ProveSocket)) throw new RelayLost('agent');
  const told: string[] = [];
  socket.listen((text) => told.push(text));
  const challenge = await socket.next((text) => text.includes('"challenge"'));
  if (typeof challenge !== 'string') throw new RelayLost('agent');
  const nonce = /"nonce":"([^"]+)"/.exec(challenge)?.[1] ?? '';
  const claimed = [theirs.sessionId, nobody.sessionId];
  socket.send({ ...helloFor(nonce, key, hostname, claimed), org: theirs.org, machineId: theirs.machineId });
  const messages: readonly [string, (subject: Subject) => unknown][] = [
    ['ticket.request', ({ sessionId, org }) => ({ type: 'ticket.request', sessionId, org })],
    ['ticket.request', ({ recordedId }) => ({ type: 'ticket.request', sessionId: recordedId })],
    ['session.failed', ({ sessionId }) => ({ type: 'session.failed', sessionId, detail: 'crossed' })],
    ['pong', ({ machineId, org }) => ({ type: 'pong', probeId: machineId, org })],
    ['checkpoint.request', ({ org }) => ({ type: 'checkpoint.request', lastSeenSize: null, org })],
  ];
  for (const [, make] of messages) for (const subject of [theirs, nobody]) socket.send(make(subject));
  const last = `ses_${'0'.repeat(26)}`;
  const heard = socket.next((text) => text.includes(last));
  socket.send({ type: 'ticket.request', sessionId: last });
  if (typeof (await heard) !== 'string') throw new RelayLost('agent');
  socket.cut();
  const about = (subject: Subject): string =>
    told
      .filter((text) =>
        Object.values(subject).some((value) => typeof value === 'string' && text.includes(value)),
      )
      .map((text) => withoutIds(text, subject))
      .join('\n');
  const problem =
    about(theirs) === about(nobody) ? null : 'a machine is told of a session that is not its own';
  attack.score.call('agent hello', problem);
  for (const [type] of messages) attack.score.call(`agent ${type}`, problem);
  attack.score.call('route agent', problem);
}

/** The standing session's agent, on its own data socket, with the other's ids in every message. */
function speakInSession(attack: Attack, { mine, theirs }: Pair): void {
  const session = mine.agent.sessions.get(mine.subject.sessionId);
  if (session === undefined) throw new Error('the standing session has no agent');
  mine.agent.smuggled = { org: theirs.org, sessionId: theirs.sessionId, machineId: theirs.machineId };
  session.sayFact(1);
  session.sayInputAt();
  session.sayScreen();
  // Comes back with a new ticket and says hello again. What it did to anyone is looked at in the end.
  session.cut();
  attack.score.call('agent terminal fact', null);
  attack.score.call('agent terminal input.at', null);
  attack.score.call('agent terminal screen', null);
  attack.score.call('agent terminal hello', null);
}

/** Credentials and tickets about the other, under seals of one's own or of nobody. */
async function showForged(attack: Attack, pair: Pair, scheme: 'Machine' | 'Ticket'): Promise<void> {
  const { mine } = pair;
  const own = scheme === 'Machine' ? mine.spare.enrolled.credential : mine.usedTicket;
  const path = scheme === 'Machine' ? '/v1/agent' : '/v1/agent/terminal';
  const forged = (subject: Subject): string[] => [
    swapped(unsealed(own, subject.org), own),
    swapped(subject.credential, own),
    unsealed(own, subject.org),
    swapped(subject.enrollmentCode, mine.subject.enrollmentCode),
    // Another purpose under this scheme, and a seal that is fine for it.
    scheme === 'Machine' ? mine.usedTicket : mine.spare.enrolled.credential,
    mine.subject.enrollmentCode,
  ];
  const unknown = forged(pair.nobody);
  const [expected, kind] =
    scheme === 'Machine' ? ['credential_invalid', 'route agent'] : ['ticket_invalid', 'route agentTerminal'];
  await Promise.all(
    forged(pair.theirs).map(async (text, index) => {
      const [code, same] = await Promise.all([
        shown(attack, pair, path, scheme, text),
        shown(attack, pair, path, scheme, unknown[index] ?? ''),
      ]);
      const refused = [code, same].every((one) => one === expected || one === 'rate_limited');
      attack.score.call(kind, refused ? null : `a forged ${scheme.toLowerCase()}: ${code}, not ${same}`);
    }),
  );
}

async function shown(
  attack: Attack,
  pair: Pair,
  path: string,
  scheme: string,
  text: string,
): Promise<string> {
  const named = naming(attack, pair, path);
  const socket = await ProveSocket.dial({
    url: named.url,
    headers: { ...named.headers, Authorization: `${scheme} ${text}` },
    onReceived: (received) => {
      if (attack.canaries.foreign(pair.mine.subject.org, received).length > 0)
        attack.score.breach(`another organization’s was received under a forged ${scheme.toLowerCase()}`);
    },
  });
  if (!(socket instanceof ProveSocket)) {
    if (socket.kind === 'lost') throw new RelayLost(path);
    return socket.code;
  }
  const first = await Promise.race([socket.next(() => true), socket.ended]);
  if (typeof first === 'string') {
    socket.cut();
    return 'accepted';
  }
  if (first.kind === 'lost') throw new RelayLost(path);
  return first.code;
}
