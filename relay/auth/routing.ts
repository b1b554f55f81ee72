// Which Durable Object a verified organization reaches: the only place that names objects.
// An object's name starts with the organization, and every object refuses any other than its first.
import type { ClerkSessionId, MachineId, SessionId, UserId } from '#protocol/ids.ts';
import type { Env } from '../config.ts';
import type { PersonCalls, SignInCalls } from '../sign-in/sign-in-calls.ts';
import type { TerminalCalls } from '../terminal/terminal-calls.ts';
import type { WorkspaceCalls } from '../workspace/workspace-calls.ts';
import type { VerifiedOrg } from './verified-org.ts';

type Reached<Calls> = Calls & Pick<Fetcher, 'fetch'>;

// Stubs are untyped namespaces underneath; the classes implement these interfaces, which the compiler checks there.
function reach<Calls>(namespace: DurableObjectNamespace, name: string): Reached<Calls> {
  return namespace.get(namespace.idFromName(name)) as unknown as Reached<Calls>;
}

export function workspaceOf(env: Env, org: VerifiedOrg): Reached<WorkspaceCalls> {
  return reach(env.WORKSPACE, org);
}

export function terminalOf(
  env: Env,
  org: VerifiedOrg,
  machineId: MachineId,
  sessionId: SessionId,
): Reached<TerminalCalls> {
  return reach(env.TERMINAL_SESSION, nameOfSession(org, machineId, sessionId));
}

/** Also the folder of its recording in the store: ids alone, whose formats leave no way out of it. */
export function nameOfSession(org: VerifiedOrg, machineId: MachineId, sessionId: SessionId): string {
  return `${org}/${machineId}/${sessionId}`;
}

/** One that is not an organization's: it remembers which organization a Clerk session opened first. */
export function signInOf(env: Env, sid: ClerkSessionId): SignInCalls {
  return reach(env.SIGN_IN, sid);
}

/** Not an organization's either: it knows which Clerk sessions this person had, and nothing else. */
export function personOf(env: Env, userId: UserId): PersonCalls {
  return reach(env.SIGN_IN, userId);
}
