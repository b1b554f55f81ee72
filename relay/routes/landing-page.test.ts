import { describe, expect, it } from 'vitest';
import { workerFetch } from '../testing/test-console.ts';
import { newId } from '../testing/test-token.ts';

const machine = 'mac_01HZZZZZZZZZZZZZZZZZZZZZZZ';

describe('the landing page', () => {
  it('holds the link, runs nothing, and is the same for every place', async () => {
    const [org, other] = [newId('org'), newId('org')];
    const answer = await workerFetch(`/open/${org}/${machine}?alert=a-1`);
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain(`href="caisey://open/${org}/${machine}?alert=a-1"`);
    expect(page).not.toContain('<script');
    const policy = answer.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^ ]+'; base-uri 'none'/);
    const elsewhere = await (await workerFetch(`/open/${other}/${machine}?alert=a-1`)).text();
    expect(elsewhere.replaceAll(other, org)).toBe(page);
  });

  it.each([
    `/open/${newId('org')}/x`,
    `/open/org_/${machine}`,
    `/open/%2e%2e/${machine}`,
    `/open/${newId('org')}/${machine}?alert=%3Cscript%3E`,
    `/open/${newId('org')}/${machine}/more`,
  ])('refuses %s', async (path) => {
    const answer = await workerFetch(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('<');
  });
});
