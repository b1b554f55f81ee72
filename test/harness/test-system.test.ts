import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { startTestSystem } from './test-system.ts';

it('leaves nothing behind when the system cannot start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'caisey-start-'));
  vi.stubEnv('TMPDIR', folder);
  try {
    // There is no such port.
    await expect(startTestSystem({ preferredPort: 70_000 })).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});
