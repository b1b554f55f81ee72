import { z } from 'zod';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import type { Ending, ProveSocket } from './prove-socket.ts';

/** What a call came to. `text` is the reply as it came, without its request id. */
export type CallAnswer =
  | { readonly kind: 'reply'; readonly ok: true; readonly text: string; readonly result: unknown }
  | { readonly kind: 'reply'; readonly ok: false; readonly text: string; readonly code: string }
  | Ending;

const Reply = z.object({
  type: z.literal('reply'),
  id: z.number(),
  outcome: z.union([
    z.object({ ok: z.literal(true), result: z.unknown() }),
    z.object({ ok: z.literal(false), error: z.looseObject({ code: z.string() }) }),
  ]),
});

export const ENTER = {
  protocolVersion: PROTOCOL_VERSION,
  via: 'launcher',
  device: { installId: 'prove', appVersion: '0', windowId: 'prove' },
} as const;

/** A console's socket on a workspace, from which any verb can be asked with any parameters, many at once. */
export class AttackConsole {
  readonly socket: ProveSocket;
  readonly #waiting = new Map<number, (answer: CallAnswer) => void>();
  #lastId = 0;

  constructor(socket: ProveSocket, newToken: () => string) {
    this.socket = socket;
    socket.listen((text) => {
      if (text.startsWith('{"type":"challenge"')) socket.send({ type: 'token', token: newToken() });
      if (!text.startsWith('{"type":"reply"')) return;
      const { id, outcome } = Reply.parse(JSON.parse(text));
      const resolve = this.#waiting.get(id);
      this.#waiting.delete(id);
      const bare = text.replace(`"id":${id},`, '');
      resolve?.(
        outcome.ok
          ? { kind: 'reply', ok: true, text: bare, result: outcome.result }
          : { kind: 'reply', ok: false, text: bare, code: outcome.error.code },
      );
    });
    void socket.ended.then((ending) => {
      for (const resolve of this.#waiting.values()) resolve(ending);
      this.#waiting.clear();
    });
  }

  call(verb: string, params: unknown): Promise<CallAnswer> {
    if (!this.socket.isOpen) return this.socket.ended;
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.socket.send({ type: 'request', id, verb, params });
    });
  }
}

/** Thrown where a step of the proof's own could not be done because the relay went away: it is done again. */
export class RelayLost extends Error {}

/** The result of a call that has to be granted. Throws RelayLost, or an Error with what was said instead. */
export function granted(what: string, answer: CallAnswer): Readonly<Record<string, unknown>> {
  if (answer.kind === 'lost') throw new RelayLost(what);
  if (answer.kind !== 'reply')
    throw new Error(`${what}: the socket was closed (${answer.code}) ${answer.told}`);
  if (!answer.ok) throw new Error(`${what}: ${answer.code}`);
  return z.record(z.string(), z.unknown()).parse(answer.result);
}
