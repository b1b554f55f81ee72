import { EnrollAnswer, EnrollRequest } from '#protocol/control/enrollment.ts';
import { refuse } from '#protocol/errors.ts';
import { parseMessage } from '#protocol/parse-message.ts';
import { admittedRequest } from '../auth/admission.ts';
import {
  openCredential,
  openEnrollmentCode,
  openTicket,
  sealCredential,
} from '../auth/machine-credentials.ts';
import { terminalOf, workspaceOf } from '../auth/routing.ts';
import type { Env, RelayConfig } from '../config.ts';
import { log } from '../log.ts';
import { keyThumbprint } from '../workspace/machines.ts';
import type { TokenBucket } from '../limits/token-bucket.ts';
import { upgradeRequired } from './console-sockets.ts';
import { readAuthorization } from './read-authorization.ts';
import { readBody } from './read-body.ts';
import { isUpgrade, refuseHttp, refuseUpgrade } from './refuse-upgrade.ts';

const BODY_MAX_BYTES = 8 * 1024;

/**
 * POST /v1/enroll: a one-time code and a public key for a machine credential.
 * @param guesses slows down those who present codes that were never issued
 */
export async function enroll(
  request: Request,
  env: Env,
  config: RelayConfig,
  guesses: TokenBucket,
): Promise<Response> {
  const body = await readBody(request, BODY_MAX_BYTES);
  if (body === null) return refuseHttp(refuse('message_too_large'));
  const parsed = parseMessage(EnrollRequest, body);
  if (!parsed.ok) return refuseHttp(refuse('message_invalid'));
  const { code: text, publicKey, facts } = parsed.message;
  const code = openEnrollmentCode(config.relaySecret, text, Date.now());
  if (code === null) {
    const refusal = refuse(guesses.take() ? 'enrollment_invalid' : 'rate_limited');
    log('enrollment.refused', { code: refusal.code });
    return refuseHttp(refusal);
  }
  const enrolled = await workspaceOf(env, code.org).enroll(code.org, code.codeId, { publicKey, facts });
  if (!enrolled.ok) {
    log('enrollment.refused', { org: code.org, code: enrolled.code });
    return refuseHttp(enrolled);
  }
  const { machineId, machineName } = enrolled;
  const credential = sealCredential(config.relaySecret, {
    org: code.org,
    machineId,
    keyThumbprint: keyThumbprint(publicKey),
  });
  return Response.json(EnrollAnswer.parse({ machineId, machineName, credential }), {
    headers: { 'Cache-Control': 'no-store' },
  });
}

/** GET /v1/agent: a machine's control socket. */
export async function agentSocket(request: Request, env: Env, config: RelayConfig): Promise<Response> {
  if (!isUpgrade(request)) return upgradeRequired();
  const credential = openCredential(config.relaySecret, readAuthorization(request, 'Machine'));
  if (credential === null) return refuseUpgrade(request, refuse('credential_invalid'), 'agent');
  return workspaceOf(env, credential.org).fetch(admittedRequest({ kind: 'agent', ...credential }));
}

/** GET /v1/agent/terminal: the data socket of one session. */
export async function agentTerminalSocket(
  request: Request,
  env: Env,
  config: RelayConfig,
): Promise<Response> {
  if (!isUpgrade(request)) return upgradeRequired();
  const ticket = openTicket(config.relaySecret, readAuthorization(request, 'Ticket'), Date.now());
  if (ticket === null) return refuseUpgrade(request, refuse('ticket_invalid'), 'agent');
  const { org, machineId, sessionId, ticketId } = ticket;
  return terminalOf(env, org, machineId, sessionId).fetch(
    admittedRequest({ kind: 'terminal-agent', org, machineId, sessionId, ticketId }),
  );
}
