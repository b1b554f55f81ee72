import { randomBytes } from 'node:crypto';
import { signTexts } from './spellings.ts';
import type { TokenMaker } from './token-maker.ts';

/** Tokens that differ in all that may differ, and have to be let in. */
export const validVariants: readonly ((maker: TokenMaker) => string)[] = [
  (maker) => maker.withClaims({}),
  (maker) => maker.withClaims({ fva: [0, -1] }),
  (maker) => maker.withClaims({ fva: [1, -1] }),
  (maker) => maker.withClaims({ fva: [2, 2] }),
  (maker) => maker.withClaims({ name: undefined }),
  (maker) => maker.withClaims({ name: 'Ødegård “Čapek” 山田' }),
  (maker) => maker.withClaims({ fea: '', pla: undefined, jti: undefined }),
  (maker) => maker.withClaims({ custom: { department: 'night', list: [1, 2, { a: null }] } }),
  (maker) => maker.withClaims({ padding: 'x'.repeat(3000) }),
  (maker) => maker.withClaims({ exp: Math.floor(Date.now() / 1000) + 30 }),
  (maker) => maker.withHeader({ oiat: undefined }),
  (maker) => {
    const bearer = maker.someone();
    return maker.withClaims({ o: { id: bearer.org, rol: bearer.role } }, bearer);
  },
  (maker) => {
    const bearer = maker.someone();
    const claims = Object.entries(maker.claims(bearer)).toReversed();
    const header = { cat: 'cl_B7d4PD111AAA', typ: 'JWT', kid: maker.relay.key.kid, alg: 'RS256' };
    return signTexts(
      JSON.stringify(header, null, 1),
      JSON.stringify(Object.fromEntries(claims), null, 2),
      maker.relay.key.privateKey,
    );
  },
  (maker) => maker.withClaims({ o_note: `"o":{"id":"${randomBytes(4).toString('hex')}"}` }),
];
