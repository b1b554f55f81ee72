import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { z } from 'zod';
import { ulid } from '#protocol/ids.ts';
import { testEnv } from './test-env.ts';
import { newId } from './test-token.ts';

/** The Workspace object of an organization, as a stub for the test tools. */
export function workspaceStub(org: string): DurableObjectStub {
  return stub(testEnv.WORKSPACE, org);
}

/** A TerminalSession object that nobody else reaches. */
export function unusedTerminalStub(): DurableObjectStub {
  return stub(testEnv.TERMINAL_SESSION, newId('org'));
}

/** The object of one session. */
export function terminalStub(org: string, machineId: string, sessionId: string): DurableObjectStub {
  return stub(testEnv.TERMINAL_SESSION, `${org}/${machineId}/${sessionId}`);
}

function stub(namespace: DurableObjectNamespace, name: string): DurableObjectStub {
  // oxlint-disable-next-line no-restricted-properties -- tests look into objects without a verified organization
  return namespace.get(namespace.idFromName(name));
}

export function query(
  stub: DurableObjectStub,
  sql: string,
  ...bindings: SqlStorageValue[]
): Promise<Record<string, SqlStorageValue>[]> {
  return runInDurableObject(stub, (_object, state) => state.storage.sql.exec(sql, ...bindings).toArray());
}

const Line = z.looseObject({ event: z.string(), seq: z.number() });

/** The public audit lines of an organization, parsed, but for the checkpoints that the clock brings. */
export async function auditOf(org: string): Promise<z.infer<typeof Line>[]> {
  return (await allLinesOf(org)).filter(({ event }) => event !== 'checkpoint.signed');
}

export async function allLinesOf(org: string): Promise<z.infer<typeof Line>[]> {
  const rows = await query(workspaceStub(org), 'SELECT line FROM audit ORDER BY seq');
  return rows.map((row) => Line.parse(JSON.parse(z.string().parse(row['line']))));
}

/** Let everything that waits in table `due` be due now, and ring the alarm. */
export async function ringEverything(stub: DurableObjectStub): Promise<void> {
  await query(stub, 'UPDATE due SET at = 0');
  await runInDurableObject(stub, (_object, state) => state.storage.setAlarm(Date.now() + 60_000));
  await runDurableObjectAlarm(stub);
}

/** A machine that is in the directory without an agent. */
export async function plantMachine(org: string, name: string, hostname: string): Promise<string> {
  const machineId = `mac_${ulid(Date.now(), (bytes) => crypto.getRandomValues(bytes))}`;
  await query(
    workspaceStub(org),
    `INSERT INTO machines (machine_id, name, hostname, os, os_user, agent_version, public_key, enrolled_at)
     VALUES (?, ?, ?, 'Linux', 'root', '0', '', 0)`,
    machineId,
    name,
    hostname,
  );
  return machineId;
}
