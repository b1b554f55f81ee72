import { EnrollAnswer, HttpRefusal, type EnrollRequest } from '#protocol/control/enrollment.ts';
import { routeUrl } from '#protocol/routes.ts';

export type Enrolled =
  | { readonly ok: true; readonly answer: EnrollAnswer }
  | { readonly ok: false; readonly code: string; readonly text: string };

const ENROLL_TIMEOUT_MS = 15_000;
const ANSWER_MAX_LENGTH = 64 * 1024;

/** Exchanges a one-time code and our public key for a machine credential. Never throws. */
export async function enroll(relayUrl: string, request: EnrollRequest): Promise<Enrolled> {
  let status;
  let text;
  try {
    const response = await fetch(routeUrl(relayUrl, 'enroll'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      redirect: 'error',
      signal: AbortSignal.timeout(ENROLL_TIMEOUT_MS),
    });
    status = response.status;
    text = (await response.text()).slice(0, ANSWER_MAX_LENGTH);
  } catch (error) {
    return {
      ok: false,
      code: 'unreachable',
      text: `The relay at ${relayUrl} cannot be reached (${causeOf(error)}). Check the URL and the network, then try again.`,
    };
  }
  const body = jsonOf(text);
  if (status === 200 || status === 201) {
    const answer = EnrollAnswer.safeParse(body);
    if (answer.success) return { ok: true, answer: answer.data };
  }
  const refusal = HttpRefusal.safeParse(body);
  if (refusal.success) return { ok: false, code: refusal.data.error.code, text: refusal.data.error.text };
  return {
    ok: false,
    code: 'not_a_relay',
    text: `${relayUrl} answered with status ${status}, not as a relay does. Check the URL.`,
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}
