// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { WorkspaceWindow } from '#contract/window-state.ts';
import type { CaiseyBridge } from '#contract/ipc.ts';
import { ConsoleToWorkspace } from '#protocol/control/console-to-workspace.ts';
import { errors } from '#protocol/errors.ts';
import type { ErrorCode } from '#protocol/errors.ts';
import type { SocketHandlers } from '../../connection/socket.ts';
import { TestClock, settled } from '../../testing/test-clock.ts';
import type { FactorStep, Identity } from '../../features/sign-in/index.ts';
import { createInside } from './inside.ts';
import { westside } from '../../testing/example-frames.ts';
import { WorkspaceController } from './workspace-controller.ts';

const own = WorkspaceWindow.parse({
  orgId: 'org_2NcrG06nygvGgnGJP8GD0WyIT41',
  frame: westside,
  relayUrl: 'http://relay.test',
  publishableKey: 'pk_test_x',
  via: 'link',
  device: { installId: 'install', appVersion: '0.1.0', windowId: 'window' },
  link: { machineId: 'mac_00000000000000000000000001', alertId: 'alert-0217' },
  remembersDevice: false,
  keys: {},
});
const entry = {
  entryId: 'ent_00000000000000000000000001',
  resumed: false,
  person: { userId: 'user_2VshfS2k5k2Tp3', name: 'Tess Okafor' },
  role: 'technician',
  frame: own.frame,
  machineCount: 1,
  openSessions: [],
};

/** Main, the identity service and the relay, as one log of what the window did, in order. */
class Surroundings {
  readonly clock = new TestClock();
  readonly log: string[] = [];
  readonly listeners = new Map<string, (payload: never) => void>();
  readonly controller: WorkspaceController;
  step: FactorStep = { kind: 'complete' };
  refusal: ErrorCode | null = null;
  /** What the relay answers to `workspace.enter`; by default an entry with a stored frame. */
  entry: object = entry;
  onFrameSet: () => ErrorCode | null = () => null;
  /** The relay answers nothing any more. */
  relaySilent = false;
  endsSlowly: Promise<void> = Promise.resolve();
  #live: SocketHandlers | null = null;

  constructor() {
    const call = (name: string, params?: { state?: string; code?: string }) => {
      const said = params?.state ?? params?.code;
      this.log.push(`main ${name}${said === undefined ? '' : ` ${said}`}`);
      return Promise.resolve(name === 'workspace.window' ? own : undefined);
    };
    const bridge = {
      call,
      on: (name: string, listener: (payload: never) => void) => {
        this.listeners.set(name, listener);
        return () => undefined;
      },
    } as unknown as CaiseyBridge;
    const identity: Identity = {
      prepare: () => {
        this.log.push('identity prepare');
        return Promise.resolve({ ok: true });
      },
      identify: () => Promise.resolve({ kind: 'complete' }),
      submitPassword: () => Promise.resolve({ kind: 'complete' }),
      sendCode: () => Promise.resolve({ kind: 'sent' }),
      submitCode: () => Promise.resolve({ kind: 'complete' }),
      signInWithBrowser: () => Promise.resolve({ kind: 'complete' }),
      getToken: () => Promise.resolve({ ok: true, token: 'token' }),
      ensureToken: () => Promise.resolve({ ok: true }),
      startReverification: () => Promise.resolve({ kind: 'password' }),
      reverifyPassword: () => Promise.resolve(this.step),
      reverifyCode: () => Promise.resolve(this.step),
      end: async () => {
        await this.endsSlowly;
        this.log.push('identity end');
      },
    };
    this.controller = new WorkspaceController({
      bridge,
      window: own,
      identity,
      inside: () => Promise.resolve(createInside),
      timers: this.clock,
      isReserved: () => false,
      open: (_url, handlers) => {
        this.#live = handlers;
        this.clock.after(1, handlers.opened);
        return {
          send: (data) => this.#heard(String(data)),
          close: () => {
            this.#live = null;
          },
        };
      },
    });
  }

  #heard(data: string): void {
    const message = ConsoleToWorkspace.parse(JSON.parse(data));
    if (message.type !== 'request') return;
    const { id, verb, params } = message;
    this.log.push(`relay ${verb}${verb === 'workspace.leave' ? ` ${JSON.stringify(params)}` : ''}`);
    if (this.relaySilent) return;
    if (verb === 'frame.set') this.log.push(`set ${JSON.stringify(params)}`);
    const refused =
      verb === 'workspace.enter' ? this.refusal : verb === 'frame.set' ? this.onFrameSet() : null;
    const outcome =
      refused === null
        ? { ok: true, result: verb === 'workspace.enter' ? this.entry : {} }
        : { ok: false, error: { code: refused, text: errors[refused].text } };
    this.#live?.text(JSON.stringify({ type: 'reply', id, outcome }));
  }

  tell(name: string, payload: unknown): void {
    this.listeners.get(name)?.(payload as never);
  }

  /** The relay closes the socket, for a reason of the error table. */
  cut(code: ErrorCode): void {
    this.#live?.closed(errors[code].closeCode);
  }

  /** The relay says something. */
  say(message: object): void {
    this.#live?.text(JSON.stringify(message));
  }

  get stage() {
    return this.controller.store.getState().stage;
  }

  async signedIn(): Promise<this> {
    await settled();
    this.controller.identify('tess@nightops.example');
    await this.clock.pass(5);
    return this;
  }
}

describe('a workspace window', () => {
  it('connects to nothing before the sign-in, and shows the card of a link only after the entry', async () => {
    const around = new Surroundings();
    await settled();
    expect(around.log).toEqual(['identity prepare']);
    await around.signedIn();
    expect(around.stage.kind).toBe('inside');
    expect(around.log.filter((line) => line.startsWith('relay'))).toEqual([
      'relay workspace.enter',
      'relay link.open',
      'relay machine.search',
    ]);
    expect(around.log).toContain('main workspace.setState open');
    expect(around.controller.store.getState().link).toBeNull();
  });

  it('leaves in order after the ceremony chose another client: screen, relay, sign-in, main', async () => {
    const around = await new Surroundings().signedIn();
    around.log.length = 0;
    around.tell('workspace.leave', { reason: 'switched' });
    expect(around.stage).toEqual({ kind: 'locked', reason: 'switched', ending: true });
    await around.clock.pass(10);
    expect(around.log).toEqual([
      'relay workspace.leave {"reason":"switched"}',
      'identity end',
      'main workspace.endSignIn',
      'main workspace.setState signed_out',
      'main workspace.left',
    ]);
    expect(around.stage).toEqual({ kind: 'locked', reason: 'switched', ending: false });
  });

  it('asks for the sign-in at once when the ceremony chooses a locked window', async () => {
    const around = await new Surroundings().signedIn();
    around.controller.lock();
    await around.clock.pass(10);
    expect(around.stage.kind).toBe('locked');
    around.tell('workspace.reverify', {});
    await settled();
    expect(around.stage.kind).toBe('sign_in');
    expect(around.controller.store.getState().reverifying).toBe(false);
  });

  it('does not wait for a relay that is silent', async () => {
    const around = await new Surroundings().signedIn();
    around.relaySilent = true;
    around.controller.lock();
    expect(around.stage.kind).toBe('locked');
    await around.clock.pass(1000);
    expect(around.log).toContain('main workspace.endSignIn');
  });

  it('says why the relay refused, and ends the old sign-in before a new one begins', async () => {
    const around = new Surroundings();
    around.refusal = 'sign_in_not_fresh';
    let ended = () => undefined as void;
    around.endsSlowly = new Promise((resolve) => {
      ended = resolve;
    });
    await around.signedIn();
    expect(around.stage).toMatchObject({ kind: 'refused', error: { code: 'sign_in_not_fresh' } });
    around.log.length = 0;
    around.controller.signInAgain();
    await settled();
    expect(around.log).toEqual([]);
    ended();
    await settled();
    expect(around.log).toEqual(['identity end', 'main workspace.endSignIn', 'identity prepare']);
    expect(around.stage.kind).toBe('sign_in');
  });

  it('takes input again only when the relay has accepted the reverification', async () => {
    const around = await new Surroundings().signedIn();
    around.tell('workspace.reverify', {});
    const { reverification, store } = around.controller;
    expect(store.getState().reverifying).toBe(true);
    expect(await reverification.start()).toEqual({ kind: 'ask', factor: 'password' });
    around.step = { kind: 'wrong', field: 'password', text: 'Password is incorrect.' };
    expect(await reverification.password('x')).toEqual({ kind: 'wrong', text: 'Password is incorrect.' });
    expect(store.getState().reverifying).toBe(true);
    around.step = { kind: 'complete' };
    expect(await reverification.password('secret')).toEqual({ kind: 'done' });
    expect(around.log.at(-1)).toBe('relay workspace.reverify');
    expect(store.getState().reverifying).toBe(false);
  });

  it.each([
    ['entry_idle', 'idle'],
    ['entry_max_age', 'max_age'],
    ['access_revoked', 'revoked'],
    ['sign_in_spent', 'ended'],
    ['session_inactive', 'ended'],
  ] as const)('is locked with the reason when the relay ends the stay: %s', async (code, reason) => {
    const around = await new Surroundings().signedIn();
    around.log.length = 0;
    around.cut(code);
    expect(around.stage).toEqual({ kind: 'locked', reason, ending: true });
    await around.clock.pass(10);
    expect(around.stage).toEqual({ kind: 'locked', reason, ending: false });
    expect(around.log).toEqual([
      'main workspace.setState signed_out',
      'identity end',
      'main workspace.endSignIn',
    ]);
  });

  it('says that the stay is about to end, and tells the relay when somebody is there', async () => {
    const around = await new Surroundings().signedIn();
    const { store, stay } = around.controller;
    around.say({ type: 'stay.ending', reason: 'idle', inMs: 90_000 });
    expect(store.getState().ending).toEqual({
      reason: 'idle',
      endsAtMs: around.clock.now() + 90_000,
    });
    around.log.length = 0;
    stay();
    stay();
    expect(around.log).toEqual(['relay policy.get']);
    expect(store.getState().ending).toBeNull();
    // Nothing that a person does moves the maximum age.
    around.say({ type: 'stay.ending', reason: 'max_age', inMs: 90_000 });
    stay();
    expect(store.getState().ending).toMatchObject({ reason: 'max_age' });
    around.controller.lock();
    expect(store.getState().ending).toBeNull();
  });

  it('comes back by itself with another role, to what that role may do', async () => {
    const around = new Surroundings();
    around.entry = { ...entry, role: 'admin' };
    await around.signedIn();
    const before = around.stage;
    around.entry = { ...entry, role: 'reviewer', resumed: true };
    around.cut('role_changed');
    await around.clock.pass(10);
    expect(around.stage).toMatchObject({
      kind: 'inside',
      entry: { role: 'reviewer' },
      inside: { mayOperate: false, mayReview: true, enrollment: null, policy: { mayChange: false } },
    });
    expect(before).toMatchObject({ kind: 'inside', inside: { policy: { mayChange: true } } });
  });

  describe('and its frame', () => {
    const derived = {
      ...own.frame,
      code: 'IT41',
      name: own.orgId,
      emphasis: [own.orgId.length - 4, own.orgId.length],
    };
    const unset = { ...entry, frame: derived, frameStored: false };
    const shownName = ({ controller }: Surroundings) => controller.store.getState().frame.name;

    it('keeps main’s proposal while the relay only derives one, and a technician stores nothing', async () => {
      const around = new Surroundings();
      around.entry = unset;
      await around.signedIn();
      expect(around.stage.kind).toBe('inside');
      expect(shownName(around)).toBe('DentalCare_Westside');
      expect(around.log.join()).not.toMatch(/rememberMarks|frame.set/);
    });

    it('is stored by an administrator’s entry, expecting none', async () => {
      const around = new Surroundings();
      around.entry = { ...unset, role: 'admin' };
      await around.signedIn();
      expect(around.log).toContain(`set ${JSON.stringify({ expected: null, frame: own.frame })}`);
      expect(shownName(around)).toBe('DentalCare_Westside');
    });

    it('has the marks of the relay where another administrator was first, and main’s name', async () => {
      const around = new Surroundings();
      around.entry = { ...unset, role: 'admin' };
      around.onFrameSet = () => {
        around.entry = {
          ...entry,
          role: 'admin',
          frame: { ...own.frame, code: 'WSD', name: 'DentalCare_Primary' },
        };
        return 'conflict';
      };
      await around.signedIn();
      await settled();
      expect(around.controller.store.getState().frame).toEqual({ ...own.frame, code: 'WSD' });
      expect(around.log).toContain('main workspace.rememberMarks WSD');
      // What is changed then is what the relay has.
      around.onFrameSet = () => null;
      const marks = { colour: 'sky', glyph: 'moon', code: 'WSX' } as const;
      around.listeners.get('workspace.changeFrame')?.(marks as never);
      await settled();
      const expected = { ...own.frame, code: 'WSD', name: 'DentalCare_Primary' };
      expect(around.log).toContain(`set ${JSON.stringify({ expected, frame: { ...expected, ...marks } })}`);
      expect(around.controller.store.getState().frame).toEqual({ ...own.frame, ...marks });
      expect(around.stage.kind).toBe('inside');
    });
  });
});
