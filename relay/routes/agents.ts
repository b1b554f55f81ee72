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
import { callerIp } from './admit-person.ts';
import { upgradeRequired } from './console-sockets.ts';
import type { GuessLimit } from './guess-limit.ts';
import { readAuthorization } from './read-authorization.ts';
import { readBody } from './read-body.ts';
import { isUpgrade, refuseHttp, refuseUpgrade } from './refuse-upgrade.ts';

const BODY_MAX_BYTES = 8 * 1024;

/**
 * POST /v1/enroll: a one-time code and a public key for a machine credential.
 * @param guesses what is not sealed here is answered ever more rarely; a sealed code never waits for guessers
 */
export async function enroll(
  request: Request,
  env: Env,
  config: RelayConfig,
  guesses: GuessLimit,
): Promise<Response> {
  const body = await readBody(request, BODY_MAX_BYTES);
  if (!body.ok) return refuseHttp(body);
  const parsed = parseMessage(EnrollRequest, body.text);
  if (!parsed.ok) return refuseHttp(refuse('message_invalid'));
  const { code: text, publicKey, facts } = parsed.message;
  const ip = callerIp(request);
  const code = openEnrollmentCode(config.relaySecret, text);
  if (code === null) return refuseGuess(guesses, ip);
  const { org, enrollmentId } = code;
  const enrolled = await workspaceOf(env, org).enroll(org, { enrollmentId, publicKey, facts, ip });
  if (!enrolled.ok) {
    log('enrollment.refused', { org, enrollment: enrollmentId, code: enrolled.code });
    return refuseHttp(enrolled);
  }
  const { machineId, machineName } = enrolled;
  const credential = sealCredential(config.relaySecret, {
    org,
    machineId,
    keyThumbprint: keyThumbprint(publicKey),
  });
  return Response.json(EnrollAnswer.parse({ machineId, machineName, credential }), {
    headers: { 'Cache-Control': 'no-store' },
  });
}

function refuseGuess(guesses: GuessLimit, ip: string | null): Response {
  const taken = guesses.take(ip);
  if (!taken.ok) return refuseHttp(refuse('rate_limited'));
  log('enrollment.refused', { code: 'enrollment_invalid', limitedBefore: taken.limitedBefore });
  return refuseHttp(refuse('enrollment_invalid'));
}

/** GET /v1/agent: a machine's control socket. */
export async function agentSocket(request: Request, env: Env, config: RelayConfig): Promise<Response> {
  if (!isUpgrade(request)) return upgradeRequired();
  const credential = openCredential(config.relaySecret, readAuthorization(request, 'Machine'));
  if (credential === null) return refuseUpgrade(request, refuse('credential_invalid'));
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
  if (ticket === null) return refuseUpgrade(request, refuse('ticket_invalid'));
  const { org, machineId, sessionId, ticketId } = ticket;
  return terminalOf(env, org, machineId, sessionId).fetch(
    admittedRequest({ kind: 'terminal-agent', org, machineId, sessionId, ticketId }),
  );
}
