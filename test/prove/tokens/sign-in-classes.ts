// Tokens that are good in themselves, and must not let in for what the relay remembers or for how they are shown.
import { AttackConsole, ENTER, granted } from '../attack/attack-console.ts';
import { ProveSocket } from '../attack/prove-socket.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import { clerkId, mintToken } from './mint.ts';
import type { Bearer } from './mint.ts';
import { enterWith } from './present-token.ts';
import type { Presented } from './present-token.ts';
import type { TokenMaker } from './token-maker.ts';

interface SignInClass {
  readonly name: string;
  readonly present: (relay: ProvenRelay, maker: TokenMaker, index: number) => Promise<Presented>;
}

const bearerOf = (relay: ProvenRelay, bearer: Bearer) => ({
  Authorization: `Bearer ${mintToken(relay, bearer)}`,
});

/** Enters, does something, and is gone. */
async function stay(
  relay: ProvenRelay,
  bearer: Bearer,
  then: (console: AttackConsole) => Promise<unknown>,
): Promise<void> {
  const socket = await ProveSocket.dial({
    url: `${relay.url}/v1/workspace`,
    headers: bearerOf(relay, bearer),
  });
  if (!(socket instanceof ProveSocket)) throw new Error('an honest token found no relay');
  const console = new AttackConsole(socket, () => mintToken(relay, bearer));
  granted('workspace.enter', await console.call('workspace.enter', ENTER));
  await then(console);
  socket.cut();
}

const REASONS = ['locked', 'switched', 'closed', 'signed_out'] as const;

export const signInClasses: readonly SignInClass[] = [
  {
    name: 'a sign-in that is spent',
    present: async (relay, maker, index) => {
      const bearer = maker.someone();
      const reason = REASONS[index % REASONS.length];
      await stay(relay, bearer, async (console) =>
        granted('workspace.leave', await console.call('workspace.leave', { reason })),
      );
      return enterWith(relay, bearerOf(relay, bearer));
    },
  },
  {
    name: 'a sign-in of another organization',
    present: async (relay, maker) => {
      const bearer = maker.someone();
      await stay(relay, bearer, async () => {});
      return enterWith(relay, bearerOf(relay, { ...bearer, org: clerkId('org') }));
    },
  },
  {
    name: 'a sign-in of another person',
    present: async (relay, maker) => {
      const bearer = maker.someone();
      await stay(relay, bearer, async () => {});
      return enterWith(relay, bearerOf(relay, { ...bearer, userId: clerkId('user') }));
    },
  },
  {
    name: 'shown anywhere but in its header',
    present: (relay, maker, index) => {
      const token = mintToken(relay, maker.someone());
      const ways: readonly [Record<string, string>, string][] = [
        [{}, `/v1/workspace?token=${token}`],
        [{}, `/v1/workspace?__session=${token}&access_token=${token}&authorization=Bearer%20${token}`],
        [{ Cookie: `__session=${token}; __client=${token}` }, '/v1/workspace'],
        [{ 'Sec-WebSocket-Protocol': token }, '/v1/workspace'],
        [{ 'Proxy-Authorization': `Bearer ${token}` }, '/v1/workspace'],
        [
          { 'X-Authorization': `Bearer ${token}`, 'X-Forwarded-Authorization': `Bearer ${token}` },
          '/v1/workspace',
        ],
      ];
      const [headers, path] = ways[index % ways.length] ?? [{}, '/v1/workspace'];
      return enterWith(relay, headers, path);
    },
  },
  {
    name: 'shown under another scheme',
    present: (relay, maker, index) => {
      const token = mintToken(relay, maker.someone());
      const ways = [
        `bearer ${token}`,
        `BEARER ${token}`,
        `Bearer  ${token}`,
        `Bearer ${token} x`,
        token,
        `Basic ${token}`,
        `Machine ${token}`,
        `Ticket ${token}`,
        `Bearer ${token}, Bearer ${token}`,
        `Bearer, ${token}`,
        `Bearer\t${token}`,
        `Token ${token}`,
      ];
      return enterWith(relay, { Authorization: ways[index % ways.length] ?? '' });
    },
  },
];
