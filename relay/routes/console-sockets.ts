import { refuse } from '#protocol/errors.ts';
import { MachineId, SessionId } from '#protocol/ids.ts';
import { admittedRequest } from '../auth/admission.ts';
import { terminalOf, workspaceOf } from '../auth/routing.ts';
import type { Env, RelayConfig } from '../config.ts';
import { admitPerson, callerIp } from './admit-person.ts';
import { isUpgrade, refuseUpgrade } from './refuse-upgrade.ts';

/** GET /v1/workspace: a console's socket to the workspace that its token names. */
export async function workspaceSocket(request: Request, env: Env, config: RelayConfig): Promise<Response> {
  if (!isUpgrade(request)) return upgradeRequired();
  const admitted = await admitPerson(request, env, config, 'workspace.connect');
  if (!admitted.ok) return refuseUpgrade(request, admitted);
  const { person } = admitted;
  return workspaceOf(env, person.org).fetch(
    admittedRequest({ kind: 'console', person, ip: callerIp(request) }),
  );
}

/** GET /v1/terminals/:machineId/:sessionId: a console's socket to a session: to type, or to watch. */
export async function terminalSocket(
  request: Request,
  env: Env,
  config: RelayConfig,
  ids: { readonly machineId: string; readonly sessionId: string },
): Promise<Response> {
  if (!isUpgrade(request)) return upgradeRequired();
  const admitted = await admitPerson(request, env, config, 'terminal.connect');
  if (!admitted.ok) return refuseUpgrade(request, admitted);
  const { person } = admitted;
  const machineId = MachineId.safeParse(ids.machineId);
  const sessionId = SessionId.safeParse(ids.sessionId);
  const workspace = workspaceOf(env, person.org);
  const allowed =
    machineId.success && sessionId.success
      ? await workspace.admitToTerminal(person, machineId.data, sessionId.data)
      : refuse('not_found');
  if (!allowed.ok) {
    await workspace.recordDenied(person, callerIp(request), 'terminal.connect', allowed.code);
    return refuseUpgrade(request, allowed);
  }
  if (!machineId.success || !sessionId.success) return refuseUpgrade(request, refuse('not_found'));
  return terminalOf(env, person.org, machineId.data, sessionId.data).fetch(
    admittedRequest({
      kind: 'terminal-console',
      person,
      entryId: allowed.entryId,
      machineId: machineId.data,
      sessionId: sessionId.data,
    }),
  );
}

export function upgradeRequired(): Response {
  return new Response('This address takes a WebSocket.\n', {
    status: 426,
    headers: { Upgrade: 'websocket' },
  });
}
