// One workspace window's life: sign-in, entry, what stands inside, and leaving. It owns the relay connection and
// the identity, and hands each feature only the calls it needs. The client comes from main and never changes.
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { CaiseyBridge } from '#contract/ipc.ts';
import type { WorkspaceWindow } from '#contract/window-state.ts';
import { retryMs } from '../../connection/retry-ms.ts';
import { RelayClient } from '../../connection/relay-client.ts';
import type { Entry, RelayState } from '../../connection/relay-client.ts';
import type { OpenSocket, Timers } from '../../connection/socket.ts';
import type { LockReason, ReverifyPorts } from '../../features/lock/index.ts';
import { createSignIn } from '../../features/sign-in/index.ts';
import type { Identity, SignInStore } from '../../features/sign-in/index.ts';
import { unheeded } from '../bridge.ts';
import { FrameKeeper } from './frame-keeper.ts';
import type { createInside, Inside } from './inside.ts';
import { Leaving, lockedBy } from './leaving.ts';
import { createStepUp } from './step-up.ts';
import type { StepUp } from './step-up.ts';
import { createVerification } from './verification.ts';
import type { Stage, WorkspaceState } from './workspace-state.ts';

export interface WorkspacePorts {
  readonly bridge: CaiseyBridge;
  readonly window: WorkspaceWindow;
  readonly identity: Identity;
  /** Comes with the first entry at the latest. */
  readonly inside: () => Promise<typeof createInside>;
  readonly open: OpenSocket;
  readonly timers: Timers;
  /** Keys that a terminal leaves to the console. */
  readonly isReserved: (event: KeyboardEvent) => boolean;
}

const SIGN_IN_RETRY_FLOOR_MS = 1000;
export class WorkspaceController {
  readonly store: StoreApi<WorkspaceState>;
  readonly #ports: WorkspacePorts;
  readonly #relay: RelayClient;
  readonly #frame: FrameKeeper;
  readonly #stopListening: readonly (() => void)[];
  readonly stepUp: StepUp;
  /** Of the ceremony, for a workspace that stood open. */
  readonly reverification: ReverifyPorts;
  readonly #leaving: Leaving;
  #createInside: typeof createInside | null = null;

  constructor(ports: WorkspacePorts) {
    this.#ports = ports;
    const { bridge, window, identity, open, timers } = ports;
    this.#relay = new RelayClient({
      relayUrl: window.relayUrl,
      device: window.device,
      open,
      timers,
      getToken: identity.getToken,
      onState: (relay) => this.#relayChanged(relay),
      onStayEnding: ({ reason, inMs }) => {
        if (this.#inside() === null) return;
        this.store.setState({ ending: { reason, endsAtMs: timers.now() + inMs } });
      },
      onAnnouncement: (announcement) => {
        const inside = this.#inside();
        inside?.machines.heard(announcement);
        inside?.enrollment?.heard(announcement);
      },
    });
    const { call } = this.#relay;
    this.#leaving = new Leaving({
      relay: this.#relay,
      identity,
      bridge,
      timers,
      showLocked: (reason, ending) => this.#showLocked(reason, ending),
    });
    this.stepUp = createStepUp(call, identity);
    this.#frame = new FrameKeeper({
      bridge,
      window,
      call,
      confirmedCall: this.stepUp.call,
      shown: () => this.store.getState().frame,
      show: (frame) => this.store.setState({ frame }),
    });
    this.reverification = createVerification({
      identity,
      call,
      purpose: 'switch',
      onDone: () => {
        this.#inside()?.sessions.hold(false);
        this.store.setState({ reverifying: false });
      },
    });
    this.store = createStore<WorkspaceState>(() => ({
      frame: window.frame,
      stage: { kind: 'sign_in', signIn: this.#newSignIn() },
      relay: this.#relay.state,
      link: window.link,
      reverifying: false,
      ending: null,
      email: '',
    }));
    this.#stopListening = [
      bridge.on('workspace.link', (link) => {
        this.store.setState({ link });
        this.#openLink();
      }),
      bridge.on('workspace.changeFrame', (marks) => {
        if (this.#inside() !== null) void this.#frame.change(marks);
      }),
      bridge.on('workspace.leave', ({ reason }) => void this.#leaveForMain(reason)),
      bridge.on('workspace.reverify', () => {
        const inside = this.#inside();
        if (inside === null) {
          // The ceremony said that a sign-in follows: no lock screen before it.
          if (this.store.getState().stage.kind === 'locked') this.signInAgain();
          return;
        }
        inside.sessions.hold(true);
        this.store.setState({ reverifying: true });
      }),
      bridge.on('paste.released', (payload) => this.#inside()?.sessions.released(payload)),
      // Preload inserts such text itself; the audit hears of it from here.
      bridge.on('paste.fieldReport', (report) => {
        if (this.#inside() !== null) void this.#relay.call('paste.report', { ...report, sessionId: null });
      }),
    ];
  }

  readonly lock = (): void => {
    const { kind } = this.store.getState().stage;
    if (kind === 'inside' || kind === 'entering') void this.#leaving.leave('locked');
  };

  readonly signInAgain = (): void => {
    const { stage } = this.store.getState();
    if (stage.kind === 'locked' && stage.ending) return;
    void this.#leaving.signInEnded.then(() => {
      if (this.store.getState().stage.kind === stage.kind) this.#toSignIn();
    });
  };

  readonly requestSwitch = (): void => unheeded(this.#ports.bridge.call('workspace.requestSwitch'));
  readonly showLauncher = (): void => unheeded(this.#ports.bridge.call('workspace.showLauncher'));
  readonly focusWindow = (number: number): void =>
    unheeded(this.#ports.bridge.call('workspace.focusNumber', { number }));

  /** Remembers the address for the next sign-in of this window. */
  readonly identify = (email: string): void => {
    this.store.setState({ email });
    const { stage } = this.store.getState();
    if (stage.kind === 'sign_in') stage.signIn.actions.identify(email);
  };

  /** Somebody is there: what was about to end for want of it goes on. */
  readonly stay = (): void => {
    if (this.store.getState().ending?.reason !== 'idle') return;
    this.store.setState({ ending: null });
    // Any verb that a person asks shows it; this one changes nothing.
    void this.#relay.call('policy.get', {});
  };

  /** The network came back: every waiting connection tries at once. */
  readonly networkChanged = (): void => {
    this.#relay.retryNow();
    this.#inside()?.sessions.reconnectNow();
  };

  /** The computer slept: nobody waits for the rest of a pause that began before. */
  woke(): void {
    this.#relay.retryNow();
    this.#inside()?.sessions.retryNow();
  }

  dispose(): void {
    for (const stop of this.#stopListening) stop();
    this.#inside()?.dispose();
    this.#relay.dispose();
  }

  #newSignIn(): SignInStore {
    const { identity, timers } = this.#ports;
    return createSignIn({
      identity,
      now: timers.now,
      after: timers.after,
      retryDelayMs: (attempt) => SIGN_IN_RETRY_FLOOR_MS + retryMs(attempt, timers.random),
      onSignedIn: () => void this.#enter(),
    });
  }

  #toSignIn(): void {
    this.#replaceStage({ kind: 'sign_in', signIn: this.#newSignIn() });
  }

  async #enter(): Promise<void> {
    this.#replaceStage({ kind: 'entering' });
    // Main knows best why this window asks now: it may have been chosen by the ceremony since it was made.
    const [window, createInside] = await Promise.all([
      this.#ports.bridge.call('workspace.window').catch(() => this.#ports.window),
      this.#ports.inside(),
    ]);
    this.#createInside = createInside;
    if (this.store.getState().stage.kind !== 'entering') return;
    this.store.setState({ link: this.store.getState().link ?? window.link });
    this.#relay.enter(window.via);
  }

  #relayChanged(relay: RelayState): void {
    const { stage, relay: before } = this.store.getState();
    this.store.setState({ relay });
    if (relay.kind === 'refused' && (stage.kind === 'entering' || stage.kind === 'inside')) {
      unheeded(this.#ports.bridge.call('workspace.setState', { state: 'signed_out' }));
      const locked = stage.kind === 'inside' ? lockedBy(relay.error.code) : undefined;
      if (locked === undefined) {
        this.#replaceStage({ kind: 'refused', error: relay.error });
        void this.#leaving.endSignIn();
      } else void this.#leaving.lockedByRelay(locked);
    }
    if (relay.kind !== 'entered') return;
    if (stage.kind === 'entering') this.#entered(relay.entry);
    else if (stage.kind === 'inside') {
      // Another role sees and may do other things: what stands inside is made anew for it.
      if (relay.entry.role !== stage.entry.role) return this.#entered(relay.entry);
      this.store.setState({ stage: { ...stage, entry: relay.entry } });
      this.#frame.entered(relay.entry);
      if (before.kind !== 'entered') stage.inside.machines.refresh();
    }
  }

  #entered(entry: Entry): void {
    const { bridge, open, timers, identity, window, isReserved } = this.#ports;
    if (this.#createInside === null) throw new Error('entered before it was asked for');
    const inside = this.#createInside({
      entry,
      bridge,
      call: this.stepUp.call,
      connection: {
        relayUrl: window.relayUrl,
        open,
        timers,
        getToken: (fresh) => (fresh ? identity.getToken() : identity.ensureToken()),
      },
      now: timers.now,
      isReserved,
    });
    this.#replaceStage({ kind: 'inside', entry, inside });
    if (this.store.getState().reverifying) inside.sessions.hold(true);
    this.#frame.entered(entry);
    unheeded(bridge.call('workspace.setState', { state: 'open' }));
    inside.machines.search('');
    this.#openLink();
  }

  /** Shows the card of a link that waits; connects nothing. */
  #openLink(): void {
    const { link } = this.store.getState();
    const inside = this.#inside();
    if (link === null || inside === null) return;
    this.store.setState({ link: null });
    inside.view.setState({ place: 'machines' });
    void inside.machines.openLink(link);
  }

  async #leaveForMain(reason: 'locked' | 'switched' | 'closed'): Promise<void> {
    await this.#leaving.leave(reason);
    unheeded(this.#ports.bridge.call('workspace.left'));
  }

  #showLocked(reason: LockReason, ending: boolean): void {
    const stage: Stage = { kind: 'locked', reason, ending };
    if (ending) this.#replaceStage(stage);
    else if (this.store.getState().stage.kind === 'locked') this.store.setState({ stage });
  }

  #inside(): Inside | null {
    const { stage } = this.store.getState();
    return stage.kind === 'inside' ? stage.inside : null;
  }

  #replaceStage(stage: Stage): void {
    const { stage: before } = this.store.getState();
    this.store.setState({ stage, ...(stage.kind === 'inside' ? {} : { reverifying: false, ending: null }) });
    if (stage.kind !== 'inside') this.stepUp.cancel();
    if (before.kind === 'inside') before.inside.dispose();
    if (before.kind === 'sign_in') before.signIn.dispose();
  }
}
