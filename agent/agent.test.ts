import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const AGENT = fileURLToPath(new URL('agent.ts', import.meta.url));
const CODE = 'a-code-that-is-long-enough';
// The discard port: nothing listens, and fetch refuses some others by itself.
const NOBODY = 'http://127.0.0.1:49';

let state: string;
beforeEach(() => {
  state = join(mkdtempSync(join(tmpdir(), 'agent-cli-')), 'state');
});
afterEach(() => rmSync(join(state, '..'), { recursive: true, force: true }));

/** Runs the agent to its end, with a code where there is one. */
function run(code: string | null, ...args: string[]): Promise<{ code: number; err: string; out: string }> {
  const env = code === null ? process.env : { ...process.env, CAISEY_ENROLL_CODE: code };
  return new Promise((resolve) => {
    execFile(process.execPath, [AGENT, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, err, out });
    });
  });
}

describe('the agent’s command line', () => {
  it('ends with a message and code 2 on an option that it does not know', async () => {
    const { code, err } = await run(null, '--relay', NOBODY, '--state', state, '--fast');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^agent: Unknown option '--fast'.* See --help\.$/m),
    ]);
  });

  it('says that a relay cannot be reached, and keeps the key for the next try', async () => {
    const { code, err, out } = await run(CODE, '--relay', NOBODY, '--state', state);
    expect(code).toBe(1);
    expect(err).toMatch(/cannot be reached \(ECONNREFUSED\)/);
    expect(`${out}${err}`).not.toContain(CODE);
    expect(readdirSync(state)).toEqual(['machine-key.pem']);
    expect(statSync(join(state, 'machine-key.pem')).mode & 0o777).toBe(0o600);
    expect(statSync(state).mode & 0o777).toBe(0o700);
  });

  it('asks for a code, and refuses one when enrolled', async () => {
    const bare = await run(null, '--relay', NOBODY, '--state', state);
    expect([bare.code, bare.err]).toEqual([1, expect.stringMatching(/not enrolled yet.*CAISEY_ENROLL_CODE/)]);

    const credential = { machineId: `mac_${'0'.repeat(26)}`, machineName: 'PRIM-PRINT-01', credential: 'x' };
    writeFileSync(join(state, 'credential.json'), JSON.stringify(credential));
    const again = await run(CODE, '--relay', NOBODY, '--state', state);
    expect([again.code, again.err]).toEqual([
      1,
      expect.stringMatching(/already enrolled as PRIM-PRINT-01.*--wipe/),
    ]);

    const key = readFileSync(join(state, 'machine-key.pem'), 'utf8');
    const anew = await run(CODE, '--relay', NOBODY, '--state', state, '--wipe');
    expect([anew.code, anew.err]).toEqual([
      1,
      expect.stringMatching(/was PRIM-PRINT-01.*\n.*cannot be reached/),
    ]);
    expect(readFileSync(join(state, 'machine-key.pem'), 'utf8')).not.toBe(key);
    const retired = await run(null, '--relay', NOBODY, '--state', state, '--wipe');
    expect([retired.code, readdirSync(state)]).toEqual([0, []]);
  });
});
