import { AttackConsole, ENTER } from '../attack/attack-console.ts';
import { ProveSocket } from '../attack/prove-socket.ts';
import type { Ending } from '../attack/prove-socket.ts';
import type { ProvenRelay } from '../relay/proven-relay.ts';

/** What became of a token: let in, or the code of its refusal (`http 431`, `cut` where it is the server's own). */
export type Presented = { readonly accepted: true } | { readonly accepted: false; readonly code: string };

/** May an HTTP header hold it? Others are presented over a socket that is open already. */
export function fitsHeader(token: string): boolean {
  return /^[\x21-\x7e]*$/.test(token);
}

/** Connects with these headers and tries to enter. */
export async function enterWith(
  relay: ProvenRelay,
  headers: Readonly<Record<string, string>>,
  path = '/v1/workspace',
): Promise<Presented> {
  const socket = await ProveSocket.dial({ url: `${relay.url}${path}`, headers });
  if (!(socket instanceof ProveSocket)) {
    return { accepted: false, code: codeOf(socket) };
  }
  const answer = await new AttackConsole(socket, () => '').call('workspace.enter', ENTER);
  socket.cut();
  if (answer.kind === 'reply') return answer.ok ? { accepted: true } : { accepted: false, code: answer.code };
  return { accepted: false, code: answer.kind === 'lost' ? 'cut' : answer.code };
}

/** Shows the token where a switch ceremony shows a new one, on a socket that is in. */
export async function reverifyWith(console: AttackConsole, token: string): Promise<Presented> {
  const answer = await console.call('workspace.reverify', { token });
  if (answer.kind !== 'reply') return { accepted: false, code: answer.kind === 'lost' ? 'cut' : answer.code };
  return answer.ok ? { accepted: true } : { accepted: false, code: answer.code };
}

/** Verifications behind the one in question; by then its socket is closed, if it will be. */
const LATER_CALLS = 8;

/** Shows the token as a challenge's answer: nothing is said to a good one, and the socket stays. */
export async function renewWith(console: AttackConsole, token: string, another: string): Promise<Presented> {
  console.socket.send({ type: 'token', token });
  for (let call = 0; call < LATER_CALLS; call += 1) {
    const later = await reverifyWith(console, another);
    if (!console.socket.isOpen) return { accepted: false, code: codeOf(await console.socket.ended) };
    if (later.accepted) throw new Error('a token of another sign-in was accepted');
  }
  return { accepted: true };
}

/** Codes of a terminal's refusal to someone whose token was believed. */
const BELIEVED: ReadonlySet<string> = new Set(['not_found', 'entry_required', 'entry_ended']);

/** Asks for a session that does not exist: someone who is believed is told so. */
export async function attachWith(relay: ProvenRelay, token: string): Promise<Presented> {
  const path = '/v1/terminals/mac_01HZZZZZZZZZZZZZZZZZZZZZZZ/ses_01HZZZZZZZZZZZZZZZZZZZZZZZ';
  const headers = { Authorization: `Bearer ${token}` };
  const socket = await ProveSocket.dial({ url: `${relay.url}${path}`, headers });
  const code = codeOf(socket instanceof ProveSocket ? await socket.ended : socket);
  return BELIEVED.has(code) ? { accepted: true } : { accepted: false, code };
}

function codeOf(ending: Ending): string {
  if (ending.kind === 'lost') return 'cut';
  return ending.kind === 'http' ? `http ${ending.code}` : ending.code;
}
