// The second half of Show 1: hostile tokens by class and by mutation, at every place where a relay takes one, and
// honest ones in between. One hostile token let in, or one honest refused, is a breach.
import { inParallel } from '../attack/in-parallel.ts';
import { AttackConsole, ENTER, granted } from '../attack/attack-console.ts';
import { ProveSocket } from '../attack/prove-socket.ts';
import type { PartReport, ProveRun } from '../part.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';
import { claimClasses } from './claim-classes.ts';
import type { HostileClass } from './hostile-class.ts';
import { clerkId, mintToken } from './mint.ts';
import type { Bearer } from './mint.ts';
import { attachWith, enterWith, fitsHeader, renewWith, reverifyWith } from './present-token.ts';
import type { Presented } from './present-token.ts';
import { mutationClasses } from './mutation-classes.ts';
import { signatureClasses } from './signature-classes.ts';
import { signInClasses } from './sign-in-classes.ts';
import { spellingClasses } from './spelling-classes.ts';
import { createTokenMaker } from './token-maker.ts';
import type { TokenMaker } from './token-maker.ts';
import { validVariants } from './valid-tokens.ts';

interface Task {
  readonly kind: string;
  readonly run: () => Promise<Presented>;
}

const hostileClasses = [...signatureClasses, ...claimClasses, ...spellingClasses, ...mutationClasses];
const AT_ONCE = 12;
/** What a relay may say to a hostile token. Anything else was refused for another reason, or by a fault. */
const REASONS: ReadonlySet<string> = new Set([
  'token_missing',
  'token_invalid',
  'token_expired',
  'token_wrong_issuer',
  'token_wrong_category',
  'token_no_organization',
  'session_inactive',
  'sign_in_not_fresh',
  'sign_in_spent',
  'sign_in_bound_elsewhere',
  'second_factor_required',
  'entry_ended',
  'role_insufficient',
  'message_invalid',
  'message_too_large',
  'http 400',
  'http 413',
  'http 431',
]);
/** The server in front of the worker may hang up on a request larger than it takes. */
const MAY_BE_CUT = 'two megabytes';

export async function proveTokens(run: ProveRun): Promise<PartReport> {
  const { log, quick, relay: start, signal, tokensOfAClass } = run;
  const relay = await start();
  const maker = createTokenMaker(relay);
  const usual = tokensOfAClass ?? (quick ? 4 : 22);
  const hostile = [
    ...hostileClasses.flatMap((kind, first) => hostileTasks(relay, maker, kind, usual, first)),
    ...signInClasses.flatMap((kind) =>
      Array.from({ length: usual }, (_, index) => ({
        kind: kind.name,
        run: () => kind.present(relay, maker, index),
      })),
    ),
  ];
  const valid = Array.from({ length: quick ? 60 : 520 }, (_, index): Task => {
    const make = validVariants[index % validVariants.length];
    return { kind: VALID, run: () => enterWith(relay, { Authorization: `Bearer ${make?.(maker) ?? ''}` }) };
  });
  const tasks = interleaved(hostile, valid);
  log(
    `${hostile.length} hostile tokens in ${hostileClasses.length + signInClasses.length} classes, ${valid.length} honest ones`,
  );

  const codes = new Map<string, Map<string, number>>();
  const breaches: string[] = [];
  let accepted = 0;
  let refused = 0;
  let done = 0;
  await inParallel(tasks, AT_ONCE, signal, async ({ kind, run }) => {
    const outcome = await run();
    done += 1;
    if (done % 500 === 0) log(`${done} of ${tasks.length}`);
    const code = outcome.accepted ? 'accepted' : outcome.code;
    const counts = codes.get(kind) ?? new Map<string, number>();
    codes.set(kind, counts.set(code, (counts.get(code) ?? 0) + 1));
    if (kind === VALID) {
      if (outcome.accepted) return;
      refused += 1;
      breaches.push(`an honest token was refused: ${code}`);
    } else if (outcome.accepted) {
      accepted += 1;
      breaches.push(`a hostile token was accepted: ${kind}`);
    } else if (!REASONS.has(code) && !(code === 'cut' && kind === MAY_BE_CUT)) {
      breaches.push(`a hostile token was not refused for what it is: ${kind}: ${code}`);
    }
  });
  const alive = await enterWith(relay, { Authorization: `Bearer ${maker.withClaims({})}` });
  if (!alive.accepted) breaches.push('the relay lets nobody in after all this');
  return {
    breaches,
    summary: `${hostile.length} hostile tokens, ${accepted} accepted; ${valid.length} valid, ${refused} refused`,
    figures: {
      hostile: hostile.length,
      accepted,
      classes: hostileClasses.length + signInClasses.length,
      valid: valid.length,
      refused,
      codes: Object.fromEntries([...codes].map(([kind, counts]) => [kind, Object.fromEntries(counts)])),
    },
  };
}

const VALID = 'honest';

/** Shown in turn at each place: where one enters, where a switch comes back, where a terminal is opened, as a renewal. */
function hostileTasks(
  relay: ProvenRelay,
  maker: TokenMaker,
  kind: HostileClass,
  usual: number,
  first: number,
): Task[] {
  const numbers = Array.from(
    { length: Math.max(2, Math.round(usual * (kind.share ?? 1))) },
    (_, at) => first + at,
  );
  return numbers.map((index) => ({
    kind: kind.name,
    run: async () => {
      // So that each variant comes to each place.
      const place = kind.enteringOnly === true ? 0 : (index ^ (index >> 2)) & 3;
      if (place < 2) {
        const token = kind.make(maker, index);
        if (fitsHeader(token)) return enterWith(relay, { Authorization: `Bearer ${token}` });
      }
      const bearer = maker.someone();
      const inside = await entered(relay, bearer);
      const token = kind.make({ ...maker, ...asOnly(maker, bearer) }, index);
      try {
        if (place === 3 && fitsHeader(token) && token !== '') return await attachWith(relay, token);
        if (index % 8 === 2)
          return await renewWith(inside, token, mintToken(relay, { ...bearer, sid: clerkId('sess') }));
        return await reverifyWith(inside, token);
      } finally {
        inside.socket.cut();
      }
    },
  }));
}

/** A maker that speaks for this one person: what is wrong with its tokens is the class alone. */
function asOnly(
  maker: TokenMaker,
  bearer: Bearer,
): Pick<TokenMaker, 'someone' | 'withClaims' | 'withHeader'> {
  return {
    someone: () => bearer,
    withClaims: (over, given = bearer) => maker.withClaims(over, given),
    withHeader: (over, given = bearer) => maker.withHeader(over, given),
  };
}

async function entered(relay: ProvenRelay, bearer: Bearer): Promise<AttackConsole> {
  const newToken = (): string => mintToken(relay, bearer);
  const headers = { Authorization: `Bearer ${newToken()}` };
  const socket = await ProveSocket.dial({ url: `${relay.url}/v1/workspace`, headers });
  if (!(socket instanceof ProveSocket)) throw new Error('an honest token found no relay');
  const console = new AttackConsole(socket, newToken);
  granted('workspace.enter', await console.call('workspace.enter', ENTER));
  return console;
}

/** Spreads the second evenly over the first. */
function interleaved(many: readonly Task[], few: readonly Task[]): Task[] {
  const step = Math.max(1, Math.floor(many.length / Math.max(1, few.length)));
  const mixed = many.flatMap((task, index) => {
    const other = index % step === 0 ? few[index / step] : undefined;
    return other === undefined ? [task] : [task, other];
  });
  const used = mixed.length - many.length;
  return [...mixed, ...few.slice(used)];
}
