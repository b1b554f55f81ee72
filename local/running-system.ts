import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const RunningRecord = z.object({
  pid: z.number().int().positive(),
  relayUrl: z.url(),
  identityUrl: z.url(),
  consoleConfigFile: z.string(),
});
export type RunningRecord = z.infer<typeof RunningRecord>;

const fileIn = (stateDir: string) => join(stateDir, 'running.json');

/** The system that another `npm start` runs on this state folder and that answers now; null if there is none. */
export async function findRunningSystem(stateDir: string): Promise<RunningRecord | null> {
  const text = await readFile(fileIn(stateDir), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = RunningRecord.safeParse(safeJson(text));
  if (!parsed.success || !isAlive(parsed.data.pid)) return null;
  const answers = await Promise.all([
    isOk(`${parsed.data.relayUrl}/healthz`),
    isOk(`${parsed.data.identityUrl}/v1/environment?_is_native=1`),
  ]);
  return answers.every(Boolean) ? parsed.data : null;
}

export async function recordRunningSystem(stateDir: string, record: RunningRecord): Promise<void> {
  await writeFile(fileIn(stateDir), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
}

export async function forgetRunningSystem(stateDir: string): Promise<void> {
  await rm(fileIn(stateDir), { force: true });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Someone else's process: alive, though not ours to signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function isOk(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null);
  return answer?.ok === true;
}
