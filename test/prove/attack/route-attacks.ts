// The routes that are no console's: whoever asks, nothing of an organization is behind them without its own proof.
import { createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { newMachineKey, factsOf } from '../organizations/light-agent.ts';
import { swapped, unsealed, withoutIds } from '../organizations/subject.ts';
import type { Subject } from '../organizations/subject.ts';
import { RelayLost } from './attack-console.ts';
import { naming } from './attack.ts';
import type { Attack, Pair } from './attack.ts';

/** Routes that a visit tries, here and elsewhere; see discovery.ts. */
export const ROUTE_CASES: ReadonlySet<string> = new Set([
  'health',
  'landing',
  'workspace',
  'terminal',
  'enroll',
  'agent',
  'agentTerminal',
  'clerkWebhook',
]);

interface HttpAnswer {
  readonly status: number;
  /** Names and values in their order, but for the time. */
  readonly headers: string;
  readonly body: string;
}

interface HttpCall {
  readonly route: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export async function attackRoutes(attack: Attack, pair: Pair): Promise<void> {
  const calls = callsAgainst(pair, pair.theirs);
  const unknown = callsAgainst(pair, pair.nobody);
  await Promise.all(
    calls.map(async (call, index) => {
      const other = unknown[index];
      if (other === undefined) throw new Error('a call without its like');
      const [answer, same] = await Promise.all([ask(attack, pair, call), ask(attack, pair, other)]);
      attack.score.call(`route ${call.route}`, problemOf(attack, pair, call, answer, same));
    }),
  );
}

function problemOf(
  attack: Attack,
  pair: Pair,
  call: HttpCall,
  answer: HttpAnswer,
  same: HttpAnswer,
): string | null {
  // The page shows the link that it was called by, and looks nothing up.
  const echoed = call.route === 'landing' ? new Set([pair.theirs.org, pair.theirs.machineId]) : undefined;
  if (attack.canaries.foreign(pair.mine.subject.org, answer.body + answer.headers, echoed).length > 0)
    return 'the answer holds something of another organization';
  const limited = [answer, same].some(({ status }) => status === 429);
  if (limited)
    return answer.status < 400 || same.status < 400 ? 'answered while the other was limited' : null;
  if (call.route === 'clerkWebhook' && answer.status < 400) return 'a forged event was taken';
  const told = withoutIds(JSON.stringify(answer), pair.theirs);
  return told === withoutIds(JSON.stringify(same), pair.nobody)
    ? null
    : `told apart from what does not exist: ${answer.status}, not ${same.status}`;
}

function callsAgainst({ mine }: Pair, named: Subject): HttpCall[] {
  const enroll = (code: string): HttpCall => ({
    route: 'enroll',
    method: 'POST',
    path: '/v1/enroll',
    body: JSON.stringify({
      code,
      publicKey: newMachineKey().publicKey,
      facts: factsOf('crossed'),
      org: named.org,
    }),
  });
  const ownCode = mine.subject.enrollmentCode;
  const events = [
    { type: 'session.revoked', data: { id: named.sid, user_id: named.userId } },
    {
      type: 'organizationMembership.deleted',
      data: { organization: { id: named.org }, public_user_data: { user_id: named.userId } },
    },
  ];
  return [
    { route: 'health', method: 'GET', path: '/healthz' },
    { route: 'landing', method: 'GET', path: `/open/${named.org}/${named.machineId}` },
    { route: 'landing', method: 'GET', path: `/open/${mine.subject.org}/${named.machineId}?alert=a` },
    // Without an upgrade, the addresses of sockets say no more than that.
    { route: 'workspace', method: 'GET', path: '/v1/workspace' },
    { route: 'terminal', method: 'GET', path: `/v1/terminals/${named.machineId}/${named.sessionId}` },
    { route: 'agent', method: 'GET', path: '/v1/agent' },
    { route: 'agentTerminal', method: 'GET', path: '/v1/agent/terminal' },
    enroll(swapped(named.enrollmentCode, ownCode)),
    enroll(unsealed(ownCode, named.org)),
    enroll(named.enrollmentId),
    ...events.map((event) => webhook(event)),
  ];
}

/** An event as the identity service sends it, signed with a secret of nobody's. */
function webhook(event: { readonly type: string; readonly data: unknown }): HttpCall {
  const body = JSON.stringify({ object: 'event', ...event, timestamp: Date.now() });
  const id = `msg_${randomBytes(12).toString('hex')}`;
  const at = String(Math.floor(Date.now() / 1000));
  const mark = createHmac('sha256', randomBytes(24)).update(`${id}.${at}.${body}`).digest('base64');
  return {
    route: 'clerkWebhook',
    method: 'POST',
    path: '/v1/webhooks/clerk',
    headers: { 'svix-id': id, 'svix-timestamp': at, 'svix-signature': `v1,${mark}` },
    body,
  };
}

function ask(attack: Attack, pair: Pair, call: HttpCall): Promise<HttpAnswer> {
  const { headers } = naming(attack, pair, call.path);
  const url = new URL(call.path, attack.relay.url);
  return new Promise((resolve, reject) => {
    const asking = request(
      url,
      { method: call.method, headers: { ...headers, ...call.headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', () => reject(new RelayLost(call.path)));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.rawHeaders.join('\n').replace(/^(?:date|retry-after)\n.*\n?/gim, ''),
            body: Buffer.concat(parts).toString(),
          }),
        );
      },
    );
    asking.on('error', () => reject(new RelayLost(call.path)));
    asking.end(call.body);
  });
}
