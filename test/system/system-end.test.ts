import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../../build/repository-root.ts';
import { waitFor } from '../harness/wait-for.ts';

const ENDS_WHILE_IT_STOPS = `
  const { startTestSystem } = await import(${JSON.stringify(join(repositoryRoot, 'test/harness/test-system.ts'))});
  const { relayUrl, machines, dispose } = await startTestSystem({ preferredPort: 48_870 });
  console.log(JSON.stringify({ relayUrl, pids: machines.map(({ process }) => process.pid) }));
  void dispose();
  process.exit();
`;

it('no program of the system outlives the process that started it, also where that ends while it stops them', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', ENDS_WHILE_IT_STOPS],
    { cwd: repositoryRoot },
  );
  const { relayUrl, pids } = JSON.parse(stdout) as { relayUrl: string; pids: number[] };
  expect(pids.length).toBeGreaterThan(1);
  await waitFor('the agents to end', () => pids.every((pid) => !isRunning(pid)));
  await expect(fetch(relayUrl)).rejects.toThrow();
}, 60_000);

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
