// The relay with one more door, for `npm run bench -- audit`: a workspace's record is filled by the thousand,
// through the same code that every event takes. Never deployed.
import { z } from 'zod';
import { CommandId, OrgId, SessionId, ulid } from '#protocol/ids.ts';
import { appendEvent, appendGroup } from '../audit/append-event.ts';
import type { AuditSigner } from '../audit/audit-signer.ts';
import { sealText } from '../audit/seal-text.ts';
import { signCheckpoint } from '../audit/sign-checkpoint.ts';
import { readConfig } from '../config.ts';
import type { Env } from '../config.ts';
import worker, { SignIn, TerminalSession, Workspace as RelayWorkspace } from '../worker.ts';

export { SignIn, TerminalSession };

declare global {
  /** V8's own, with `--expose-gc`. */
  var gc: (() => void) | undefined;
}

const FILL = '/bench/fill';
/** What one report of a busy session commits at once. */
const GROUP = 50;
const Fill = z.object({
  org: OrgId,
  count: z.coerce.number(),
  sign: z.enum(['yes', 'no']),
  /** The operations' numbers, from this one on: asked again they are the same. Left out: new ones. */
  first: z.coerce.number().optional(),
});
/** Parsed when a message came, long before they are recorded. */
const SESSION = SessionId.parse('ses_01M87H5P8XN3T3W4M0B8H6T0QA');
const COMMAND = CommandId.parse('cmd_01M87H5P8XN3T3W4M0B8H6T0QA');
/** The object is ended as when the runtime takes it out of memory. */
const EVICT = '/bench/evict';
/** Asked twice: what finalizers let go of goes with the second. */
const COLLECT = '/bench/collect';
/** Another one whenever the object was put into memory anew. */
const INSTANCE = '/bench/instance';

// oxlint-disable-next-line import/no-default-export -- workerd asks for it
export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (![FILL, EVICT, COLLECT, INSTANCE].includes(pathname)) return worker.fetch(request, env, ctx);
    const org = OrgId.parse(searchParams.get('org'));
    // oxlint-disable-next-line no-restricted-properties -- this worker measures, and lets nobody in
    return env.WORKSPACE.get(env.WORKSPACE.idFromName(org)).fetch(request);
  },
};

export class Workspace extends RelayWorkspace {
  readonly #instance = crypto.randomUUID();

  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === EVICT) this.ctx.abort('evicted');
    if (pathname === INSTANCE) return new Response(this.#instance);
    if (pathname === COLLECT) {
      for (let round = 0; round < 2; round += 1) globalThis.gc?.();
      return new Response('done');
    }
    if (pathname !== FILL) return super.fetch(request);
    const { org, count, sign, first } = Fill.parse(Object.fromEntries(searchParams));
    const { storage } = this.ctx;
    const signer: AuditSigner = {
      org,
      storage,
      sql: storage.sql,
      now: Date.now,
      random: (bytes) => crypto.getRandomValues(bytes),
      onUnsigned: () => undefined,
      config: readConfig(this.env),
    };
    const run = ulid(Date.now(), signer.random);
    const opIdOf = (number: number) =>
      first === undefined ? `bench:${run}:${number}` : `bench:${first + number}`;
    for (let done = 0; done < count; done += GROUP) {
      appendGroup(signer, (grouped) => {
        for (let at = 0; at < Math.min(GROUP, count - done); at += 1)
          append(grouped, done + at, opIdOf(done + at));
      });
    }
    if (sign === 'yes') await signCheckpoint(signer);
    return new Response('done');
  }
}

function append(signer: AuditSigner, number: number, opId: string): void {
  const common = {
    opId,
    actor: { system: 'relay' },
    device: null,
    correlationId: SESSION,
  } as const;
  if (number % 20 === 0) {
    const { hash, sealedId } = sealText(signer.sql, signer.random, `PRIM-PRINT-${number}`);
    appendEvent(signer, {
      ...common,
      event: 'machine.searched',
      fields: { query_hash: hash, result_count: 0, took_ms: 1 },
      sealed: [{ field: 'query_hash', sealedId }],
    });
    return;
  }
  appendEvent(signer, {
    ...common,
    event: 'command.finished',
    fields: {
      session_id: SESSION,
      command_id: COMMAND,
      exit_code: 0,
      duration_ms: number,
      trusted: true,
    },
  });
}
