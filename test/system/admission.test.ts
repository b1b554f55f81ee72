import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enterWorkspace } from '../../local/demo/workspace-calls.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import type { SignedIn } from '../../local/identity/sign-in.ts';
import { loadSigningKey } from '../../local/identity/signing-key.ts';
import { signToken, tokenCategory } from '../../local/identity/tokens.ts';
import { people } from '../harness/people.ts';
import { startTestSystem } from '../harness/test-system.ts';
import type { TestSystem } from '../harness/test-system.ts';

// Show 3 of the story: what a console, however hostile, cannot do. No console takes part here.
describe('admission, against the real relay and identity server', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ preferredPort: 48_700 });
  }, 60_000);
  afterAll(() => system?.dispose());

  const orgOf = (name: string) => {
    const found = system.workspaces.find(({ frame }) => frame.name === name);
    if (found === undefined) throw new Error(`no workspace ${name}`);
    return found.orgId;
  };
  const westside = () => orgOf('DentalCare_Westside');
  const primary = () => orgOf('DentalCare_Primary');
  const signInTo = (organizationId: string | null): Promise<SignedIn> =>
    signIn({ url: system.identity.url, ...people.technician, organizationId });
  const enter = (token: string) => enterWorkspace(system.relayUrl, token);

  it('admits a fresh sign-in, and joins it again while its entry lives', async () => {
    const session = await signInTo(westside());
    const first = await enter(session.token);
    expect(first.entered).toMatchObject({
      resumed: false,
      role: 'technician',
      frame: { name: 'DentalCare_Westside' },
    });
    const second = await enter(await session.getToken());
    expect(second.entered).toMatchObject({ resumed: true, entryId: first.entered.entryId });
    await second.leave();
  });

  it('refuses Westside’s Clerk session for Primary', async () => {
    const session = await signInTo(westside());
    const workspace = await enter(session.token);
    await expect(enter(await session.getToken(primary()))).rejects.toThrow('sign_in_bound_elsewhere');
    // Its own workspace is not disturbed by that.
    await expect(
      workspace.call('machine.search', { query: '', settled: false, limit: 10 }),
    ).resolves.toMatchObject({
      total: 3,
    });
    await workspace.leave();
  });

  it('refuses the sid of an entry that was locked', async () => {
    const session = await signInTo(westside());
    const workspace = await enter(session.token);
    await workspace.call('workspace.leave', { reason: 'locked' });
    await expect(enter(await session.getToken())).rejects.toThrow('sign_in_spent');
  });

  it('refuses a token older than the freshness limit', async () => {
    const session = await signInTo(westside());
    const answer = await fetch(`${system.identity.url}/__local/sessions/${session.sessionId}/factor-age`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${system.identity.secretKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ first: 3 }),
    });
    expect(answer.status).toBe(200);
    await expect(enter(await session.getToken())).rejects.toThrow('sign_in_not_fresh');
  });

  it('refuses template tokens, a wrong issuer, a foreign key, no organization and two', async () => {
    const key = loadSigningKey(join(system.stateDir, 'identity'));
    const session = await signInTo(null);
    const seconds = Math.floor(Date.now() / 1000);
    const claims = (over: Record<string, unknown>) => ({
      v: 2,
      iss: system.identity.url,
      sub: people.technician.userId,
      sid: session.sessionId,
      jti: randomBytes(8).toString('hex'),
      iat: seconds,
      nbf: seconds - 10,
      exp: seconds + 60,
      sts: 'active',
      fva: [0, -1],
      o: { id: westside(), rol: 'technician', slg: 'dentalcare-westside' },
      ...over,
    });
    const sign = (over: Record<string, unknown>, header: Record<string, unknown> = {}) =>
      signToken(key, claims(over), { cat: tokenCategory.session, ...header });

    await expect(enter(session.token)).rejects.toThrow('token_no_organization');
    await expect(enter(sign({}, { cat: tokenCategory.template }))).rejects.toThrow('token_wrong_category');
    await expect(enter(sign({ iss: 'https://clerk.elsewhere.example' }))).rejects.toThrow(
      'token_wrong_issuer',
    );
    await expect(enter(sign({ o: [{ id: westside() }, { id: primary() }] }))).rejects.toThrow(
      'token_no_organization',
    );
    await expect(enter(sign({ sts: 'pending' }))).rejects.toThrow('session_inactive');
    await expect(enter(`${sign({}).slice(0, -6)}AAAAAA`)).rejects.toThrow('token_invalid');
    // The same claims, honest, are let in: the refusals above are not for another reason.
    const workspace = await enter(sign({}));
    await workspace.leave();
  });
});
