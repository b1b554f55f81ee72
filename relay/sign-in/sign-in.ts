// The SignIn object, one a Clerk session: remembers the first organization that the session was seen
// with, and whether it is spent. One Clerk session can mint tokens for any organization silently;
// this is what makes "signed in again for this client" provable.
import { DurableObject } from 'cloudflare:workers';
import { homeOf, settle } from '../auth/home-organization.ts';
import type { VerifiedOrg } from '../auth/verified-org.ts';
import type { Env } from '../config.ts';
import { migrate } from '../storage/migrate.ts';
import { signInMigrations } from '../storage/sign-in-migrations.ts';
import type { SignInCalls } from './sign-in-calls.ts';

export class SignIn extends DurableObject<Env> implements SignInCalls {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, signInMigrations);
    this.#sql = ctx.storage.sql;
  }

  async bind(org: VerifiedOrg): ReturnType<SignInCalls['bind']> {
    const home = homeOf(this.#sql);
    if (home !== null && home !== org) return { ok: false, code: 'sign_in_bound_elsewhere' };
    const [spent] = this.#sql.exec('SELECT spent_at FROM spent').toArray();
    if (spent !== undefined) return { ok: false, code: 'sign_in_spent' };
    settle(this.#sql, org);
    return { ok: true };
  }

  async spend(): Promise<VerifiedOrg | null> {
    // Kept for good: a session id never comes back, whatever its lifetime was set to.
    this.#sql.exec('INSERT OR IGNORE INTO spent (only, spent_at) VALUES (1, ?)', Date.now());
    return homeOf(this.#sql);
  }
}
