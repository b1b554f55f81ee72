// One sign-in, two organizations: shown to both at once, and to a second after it opened a first. One person may be a
// member of both; that is what a technician of a managed-service provider is.
import { randomInt } from 'node:crypto';
import { clerkId, mintToken } from '../tokens/mint.ts';
import type { Bearer } from '../tokens/mint.ts';
import { AttackConsole, ENTER, RelayLost } from './attack-console.ts';
import type { CallAnswer } from './attack-console.ts';
import type { Attack } from './attack.ts';
import { ProveSocket } from './prove-socket.ts';

/** Of each ordered pair: a live sign-in of the first is shown to the second. */
export async function showElsewhere(
  attack: Attack,
  traveller: string,
  home: string,
  elsewhere: string,
): Promise<void> {
  const bearer: Bearer = { org: home, userId: traveller, sid: clerkId('sess'), role: 'admin' };
  const inside = await tryToEnter(attack, bearer);
  if (inside.answer.kind === 'lost') throw new RelayLost('races');
  const isIn = inside.answer.kind === 'reply' && inside.answer.ok;
  const other = await tryToEnter(attack, { ...bearer, org: elsewhere });
  inside.socket?.cut();
  other.socket?.cut();
  if (other.answer.kind === 'lost') throw new RelayLost('races');
  const code = codeOf(other.answer);
  if (!isIn) attack.score.breach(`a fresh sign-in was refused: ${codeOf(inside.answer)}`);
  attack.score.call(
    'workspace.connect',
    code === 'sign_in_bound_elsewhere' ? null : `a sign-in of another organization: ${code}`,
  );
}

/** Both at once, several times each: at most one organization lets it in. */
export async function race(attack: Attack, traveller: string, one: string, two: string): Promise<void> {
  const sid = clerkId('sess');
  const orgs = randomInt(2) === 0 ? [one, two, one, two] : [two, one, two, one];
  const tried = await Promise.all(
    orgs.map((org) => tryToEnter(attack, { org, userId: traveller, sid, role: 'technician' })),
  );
  for (const { socket } of tried) socket?.cut();
  const won = new Set(
    tried.filter(({ answer }) => answer.kind === 'reply' && answer.ok).map(({ org }) => org),
  );
  attack.score.call('race', won.size <= 1 ? null : 'one sign-in entered two organizations');
  if (tried.some(({ answer }) => answer.kind === 'lost')) throw new RelayLost('race');
}

async function tryToEnter(
  attack: Attack,
  bearer: Bearer,
): Promise<{ readonly org: string; readonly socket: ProveSocket | null; readonly answer: CallAnswer }> {
  const { org, userId } = bearer;
  const socket = await ProveSocket.dial({
    url: `${attack.relay.url}/v1/workspace`,
    headers: { Authorization: `Bearer ${mintToken(attack.relay, bearer)}` },
    onReceived: (text) => {
      if (attack.canaries.foreign(org, text).length > 0)
        attack.score.breach('another organization’s was received in a race');
    },
  });
  if (!(socket instanceof ProveSocket)) {
    if (socket.kind === 'lost') attack.ledger.inDoubt(org, userId, 'workspace.connect');
    else attack.ledger.told(org, userId, 'workspace.connect', socket.code);
    return { org, socket: null, answer: socket };
  }
  const answer = await new AttackConsole(socket, () => '').call('workspace.enter', ENTER);
  if (answer.kind === 'lost') {
    attack.ledger.inDoubt(org, userId, 'workspace.connect');
    attack.ledger.inDoubt(org, userId, 'workspace.enter');
  } else if (answer.kind === 'closed') attack.ledger.told(org, userId, 'workspace.connect', answer.code);
  return { org, socket, answer };
}

function codeOf(answer: CallAnswer): string {
  if (answer.kind === 'reply') return answer.ok ? 'granted' : answer.code;
  return answer.kind === 'lost' ? 'lost' : answer.code;
}
