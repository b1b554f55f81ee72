// The frame of this window's client: the relay stores its marks once for everybody, and main remembers them for the next
// window. Until there is a stored one main's proposal stands, and an administrator's entry stores that. The name is
// main's throughout: an administrator of this client may not have it taken for another.
import type { CaiseyBridge, EventPayload } from '#contract/ipc.ts';
import type { WorkspaceWindow } from '#contract/window-state.ts';
import { PROTOCOL_VERSION } from '#protocol/version.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { Call, Entry } from '../../connection/relay-client.ts';
import { unheeded } from '../bridge.ts';

export interface FrameKeeperOptions {
  readonly bridge: CaiseyBridge;
  readonly window: WorkspaceWindow;
  readonly call: Call;
  /** Asks for the person's factor again where the relay wants it. */
  readonly confirmedCall: Call;
  readonly shown: () => WorkspaceFrame;
  readonly show: (frame: WorkspaceFrame) => void;
}

export class FrameKeeper {
  readonly #options: FrameKeeperOptions;
  /** At the relay; null: none, as far as this window knows. */
  #stored: WorkspaceFrame | null = null;

  constructor(options: FrameKeeperOptions) {
    this.#options = options;
  }

  entered({ frame, frameStored, role }: Entry): void {
    if (frameStored) this.#keep(frame);
    else if (role === 'admin') void this.#store();
  }

  /** As the launcher's editor asks: the relay takes it from an administrator alone. */
  async change(marks: EventPayload<'workspace.changeFrame'>): Promise<void> {
    const { bridge, confirmedCall, shown } = this.#options;
    const expected = this.#stored;
    const frame = { ...(expected ?? shown()), ...marks };
    const set = await confirmedCall('frame.set', { expected, frame });
    if (!set.ok) {
      const { code } = set.error;
      const why = code === 'role_insufficient' || code === 'conflict' ? code : 'other';
      unheeded(bridge.call('workspace.frameRefused', { why }));
      return;
    }
    this.#keep(frame);
  }

  #keep(stored: WorkspaceFrame): void {
    const { bridge, shown, show } = this.#options;
    const { colour, glyph, code } = stored;
    this.#stored = stored;
    show({ ...shown(), colour, glyph, code });
    unheeded(bridge.call('workspace.rememberMarks', { colour, glyph, code }));
  }

  async #store(): Promise<void> {
    const { call, window, shown } = this.#options;
    const { device, orgId } = window;
    const frame = shown();
    // Derived itself, as of a computer that has never heard a name: not worth storing.
    if (frame.name === orgId) return;
    const set = await call('frame.set', { expected: null, frame });
    if (set.ok) this.#stored = frame;
    if (set.ok || set.error.code !== 'conflict') return;
    // Another administrator was first. Joining the entry again tells which frame it is.
    const again = await call('workspace.enter', {
      protocolVersion: PROTOCOL_VERSION,
      via: 'reconnect',
      device,
    });
    if (again.ok && again.result.frameStored) this.entered(again.result);
  }
}
