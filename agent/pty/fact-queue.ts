import type { SessionFact } from '#protocol/control/agent-to-terminal.ts';

export interface NumberedFact {
  /** From 1, without gaps. */
  readonly factSeq: number;
  /** Epoch milliseconds of this machine's clock. */
  readonly at: number;
  readonly fact: SessionFact;
}

/** Facts wait here until the relay has stored them; a new socket sends what it lacks again. */
export interface FactQueue {
  readonly lastSeq: number;
  readonly ackedSeq: number;
  add(at: number, fact: SessionFact): void;
  /** Next facts to send on the present socket, in order. `mayPass` false holds a fact and all after it. */
  take(mayPass: (fact: SessionFact) => boolean): readonly NumberedFact[];
  /** A new socket, whose peer has stored facts up to `factSeq`. */
  restart(factSeq: number): void;
  acked(factSeq: number): void;
}

export function createFactQueue(): FactQueue {
  let waiting: NumberedFact[] = [];
  let last = 0;
  let acked = 0;
  let sent = 0;

  const acknowledge = (factSeq: number): void => {
    acked = Math.max(acked, Math.min(factSeq, last));
    waiting = waiting.filter((fact) => fact.factSeq > acked);
  };
  return {
    get lastSeq() {
      return last;
    },
    get ackedSeq() {
      return acked;
    },
    add(at, fact) {
      last += 1;
      waiting.push({ factSeq: last, at, fact });
    },
    take(mayPass) {
      const taken: NumberedFact[] = [];
      for (const next of waiting) {
        if (next.factSeq <= sent) continue;
        if (!mayPass(next.fact)) break;
        sent = next.factSeq;
        taken.push(next);
      }
      return taken;
    },
    restart(factSeq) {
      acknowledge(factSeq);
      sent = acked;
    },
    acked: acknowledge,
  };
}
