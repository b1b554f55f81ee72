// How a stay ends: the screen is locked at once, then the relay hears of it, then the sign-in is ended.
import type { CaiseyBridge } from '#contract/ipc.ts';
import type { RelayClient } from '../../connection/relay-client.ts';
import type { Timers } from '../../connection/socket.ts';
import type { LockReason } from '../../features/lock/index.ts';
import type { Identity } from '../../features/sign-in/index.ts';
import { unheeded } from '../bridge.ts';

export interface LeavingPorts {
  readonly relay: Pick<RelayClient, 'state' | 'call' | 'dispose'>;
  readonly identity: Pick<Identity, 'end'>;
  readonly bridge: CaiseyBridge;
  readonly timers: Timers;
  /** `ending`: the sign-in of before is not yet gone. */
  readonly showLocked: (reason: LockReason, ending: boolean) => void;
}

/** The relay is told of a leave, but a window does not wait for it: main gives two seconds in all. */
const LEAVE_TIMEOUT_MS = 900;
/** What a refusal of the relay means to a stay that stood. */
const LOCKED_BY: Readonly<Record<string, LockReason>> = {
  entry_idle: 'idle',
  entry_max_age: 'max_age',
  access_revoked: 'revoked',
  entry_ended: 'ended',
  sign_in_spent: 'ended',
  session_inactive: 'ended',
};

/** Undefined: a refusal that ended no stay. */
export function lockedBy(code: string): LockReason | undefined {
  return LOCKED_BY[code];
}

export class Leaving {
  readonly #ports: LeavingPorts;
  #signInEnded: Promise<void> = Promise.resolve();

  constructor(ports: LeavingPorts) {
    this.#ports = ports;
  }

  /** Of the sign-in before: it must be gone before the next, or its end would take the new one along. */
  get signInEnded(): Promise<void> {
    return this.#signInEnded;
  }

  async leave(reason: 'locked' | 'switched' | 'closed'): Promise<void> {
    const { relay, bridge, timers, showLocked } = this.#ports;
    const entered = relay.state.kind === 'entered';
    showLocked(reason, true);
    if (entered) {
      await Promise.race([
        relay.call('workspace.leave', { reason }),
        new Promise<void>((resolve) => {
          timers.after(LEAVE_TIMEOUT_MS, resolve);
        }),
      ]);
    }
    relay.dispose();
    await this.endSignIn();
    unheeded(bridge.call('workspace.setState', { state: 'signed_out' }));
    showLocked(reason, false);
  }

  /** The relay ended the stay: nothing is left to say to it. */
  async lockedByRelay(reason: LockReason): Promise<void> {
    this.#ports.showLocked(reason, true);
    await this.endSignIn();
    this.#ports.showLocked(reason, false);
  }

  endSignIn(): Promise<void> {
    const { identity, bridge } = this.#ports;
    this.#signInEnded = identity.end().then(() => bridge.call('workspace.endSignIn').catch(() => undefined));
    return this.#signInEnded;
  }
}
