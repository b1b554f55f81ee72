import { setTimeout as delay } from 'node:timers/promises';
import type { MachineId } from '#protocol/ids.ts';
import { signIn } from '../../local/identity/sign-in.ts';
import type { SignedIn } from '../../local/identity/sign-in.ts';
import type { TestPerson } from '../harness/people.ts';
import type { SmallSystem } from '../harness/small-system.ts';
import type { TerminalPeer } from '../harness/terminal-peer.ts';
import { WorkspacePeer } from '../harness/workspace-peer.ts';

const TRY_EVERY_MS = 100;
/** Signing in anew with the old token, less often: each try is a new connection. */
const COME_BACK_EVERY_MS = 1000;
/** Three times come back and turned away: nothing more will come. */
const QUIET_MS = 3500;

/** One stay with a live terminal, whose console does not give up when its sign-in is revoked. */
export class RevokedStay {
  readonly #system: SmallSystem;
  readonly #session: SignedIn;
  #token: string;
  #peer: WorkspacePeer | null = null;
  #terminal: TerminalPeer | null = null;
  /** When the relay last did something for this stay (performance.now). */
  #servedAt = 0;
  #disposed = false;

  private constructor(system: SmallSystem, session: SignedIn) {
    this.#system = system;
    this.#session = session;
    this.#token = session.token;
  }

  static async begin(system: SmallSystem, person: TestPerson, machineId: MachineId): Promise<RevokedStay> {
    const session = await signIn({ url: system.identityUrl, ...person, organizationId: system.orgId });
    const stay = new RevokedStay(system, session);
    const peer = await WorkspacePeer.connect({
      relayUrl: system.relayUrl,
      getToken: () => stay.#newestToken(),
    });
    stay.#peer = peer;
    stay.#terminal = await peer.openTerminal(machineId, { onOutput: () => stay.#served() });
    const answered = await stay.works();
    if (!answered) throw new Error('The terminal does not answer.');
    return stay;
  }

  get sessionId(): string {
    return this.#session.sessionId;
  }

  /** The newest token that can be had before the revocation. */
  async mintLastToken(): Promise<void> {
    await this.#newestToken();
  }

  /** Do a verb and the shell still answer? */
  async works(): Promise<boolean> {
    const terminal = this.#terminal;
    if (terminal === null || this.#peer === null) return false;
    const from = terminal.receivedBytes;
    terminal.type('echo $((6*7000))\r');
    return terminal.untilText('42000', from).then(
      () => this.#calls(),
      () => false,
    );
  }

  /**
   * Tries everything until `untilMs` (performance.now), or until the relay has long done nothing for it.
   * @returns when the relay last did something for this stay
   */
  async tryUntil(untilMs: number): Promise<number> {
    const startedAt = performance.now();
    let comesBackAt = performance.now() + COME_BACK_EVERY_MS;
    const quiet = () => performance.now() - Math.max(this.#servedAt, startedAt) > QUIET_MS;
    while (performance.now() < untilMs && !quiet()) {
      this.#terminal?.type('x');
      await Promise.race([this.#calls(), delay(TRY_EVERY_MS)]);
      await delay(TRY_EVERY_MS);
      if (performance.now() < comesBackAt) continue;
      comesBackAt = performance.now() + COME_BACK_EVERY_MS;
      await this.#comesBack();
    }
    return this.#servedAt;
  }

  dispose(): void {
    this.#disposed = true;
    this.#terminal?.dispose();
    this.#peer?.dispose();
  }

  async #calls(): Promise<boolean> {
    if (this.#peer?.isConnected !== true) return false;
    return this.#peer.call('runbook.list', {}).then(
      () => this.#served(),
      () => false,
    );
  }

  /** A new console with the token that is left, while the first one may still stand. */
  async #comesBack(): Promise<void> {
    if (this.#peer?.isConnected === true || this.#disposed) return;
    const again = await WorkspacePeer.connect({
      relayUrl: this.#system.relayUrl,
      getToken: () => this.#newestToken(),
    }).catch(() => null);
    if (again === null) return;
    this.#served();
    again.dispose();
  }

  #served(): boolean {
    this.#servedAt = performance.now();
    return true;
  }

  /** What the identity server still gives, else the last one that it gave. */
  async #newestToken(): Promise<string> {
    this.#token = await this.#session.getToken().catch(() => this.#token);
    return this.#token;
  }
}
