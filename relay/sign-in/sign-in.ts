// The SignIn object, one a Clerk session: remembers the first organization that the session was seen
// with, and whether it is spent. One Clerk session can mint tokens for any organization silently;
// this is what makes "signed in again for this client" provable. And one a person, under their user id:
// it lists their Clerk sessions, so that all of them end with the person. Neither lists organizations.
import { DurableObject } from 'cloudflare:workers';
import { ClerkSessionId } from '#protocol/ids.ts';
import { homeOf, settle } from '../auth/home-organization.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';
import type { Env } from '../config.ts';
import { migrate } from '../storage/migrate.ts';
import { signInMigrations } from '../storage/sign-in-migrations.ts';
import type { PersonCalls, SignInCalls } from './sign-in-calls.ts';

/** Of one person, newest first: more than a day of stays, and few enough to end all at once. */
const SIGN_INS_KEPT = 400;

export class SignIn extends DurableObject<Env> implements SignInCalls, PersonCalls {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, signInMigrations);
    this.#sql = ctx.storage.sql;
  }

  // ---- of a Clerk session

  async bind(org: VerifiedOrg): ReturnType<SignInCalls['bind']> {
    const home = homeOf(this.#sql);
    if (home !== null && home !== org) return { ok: false, code: 'sign_in_bound_elsewhere' };
    if (this.#has('SELECT 1 FROM spent')) return { ok: false, code: 'sign_in_spent' };
    settle(this.#sql, org);
    return { ok: true, known: this.#has('SELECT 1 FROM known_to_person') };
  }

  async noteKnown(): Promise<void> {
    this.#sql.exec('INSERT OR IGNORE INTO known_to_person (only) VALUES (1)');
  }

  async spend(): Promise<VerifiedOrg | null> {
    // Kept for good: a session id never comes back, whatever its lifetime was set to.
    this.#sql.exec('INSERT OR IGNORE INTO spent (only, spent_at) VALUES (1, ?)', Date.now());
    return homeOf(this.#sql);
  }

  // ---- of a person

  async remember(sid: ClerkSessionId, issuedAt: number): Promise<boolean> {
    if (this.#has('SELECT 1 FROM person_ended WHERE at >= ?', issuedAt)) return false;
    this.#sql.exec('INSERT OR IGNORE INTO sign_ins (sid, issued_at) VALUES (?, ?)', sid, issuedAt);
    this.#sql.exec('DELETE FROM sign_ins WHERE id <= (SELECT MAX(id) FROM sign_ins) - ?', SIGN_INS_KEPT);
    return true;
  }

  async end(at: number): Promise<ClerkSessionId[]> {
    this.#sql.exec(
      'INSERT INTO person_ended (only, at) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET at = MAX(at, excluded.at)',
      at,
    );
    return this.#sql
      .exec<{ sid: string }>('SELECT sid FROM sign_ins WHERE issued_at <= ?', at)
      .toArray()
      .map(({ sid }) => ClerkSessionId.parse(sid));
  }

  #has(query: string, ...bindings: SqlStorageValue[]): boolean {
    return this.#sql.exec(query, ...bindings).toArray().length > 0;
  }
}
