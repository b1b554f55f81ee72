import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errors } from '#protocol/errors.ts';
import { ACK_EVERY_BYTES, FrameKind, decodeFrame, encodeFrame, unseenPart } from '#protocol/frame/frame.ts';
import { MachineId, SessionId, UserId } from '#protocol/ids.ts';
import { ConsoleToTerminal } from '#protocol/control/console-to-terminal.ts';
import type { TerminalToConsole } from '#protocol/control/terminal-to-console.ts';
import type { SocketHandlers } from './socket.ts';
import { TerminalClient } from './terminal-client.ts';
import type { TerminalState } from './terminal-line.ts';
import { TestClock, settled } from '../testing/test-clock.ts';

const byteAt = (offset: number) => (offset * 31 + (offset >> 7)) & 0xff;
const bytesFrom = (from: number, length: number) => Uint8Array.from({ length }, (_, i) => byteAt(from + i));

/** A relay with a machine behind it, as strict as the real ones: what is cut is lost, what is doubled is offered twice. */
class FarEnd {
  readonly clock = new TestClock();
  readonly shown: number[] = [];
  readonly typed: number[] = [];
  readonly ptyInput: number[] = [];
  readonly acks: number[] = [];
  readonly screens: unknown[] = [];
  readonly hellos: unknown[] = [];
  readonly modes: string[] = [];
  readonly turns: (number | undefined)[] = [];
  readonly resizes: unknown[] = [];
  readonly people: unknown[] = [];
  readonly states: TerminalState[] = [];
  readonly client: TerminalClient;
  producedBytes = 0;
  freedBytes = 0;
  skippedBytes = 0;
  connections = 0;
  /** The machine stands still, and nobody has noticed. */
  frozen = false;
  #sentBytes = 0;
  #agent: 'connected' | 'lost' = 'connected';
  #live: SocketHandlers | null = null;
  #helloed = false;
  readonly #undrawn: (() => void)[] = [];

  constructor(takesScreen = false) {
    this.client = new TerminalClient({
      relayUrl: 'http://relay.test',
      machineId: MachineId.parse('mac_00000000000000000000000001'),
      sessionId: SessionId.parse('ses_00000000000000000000000001'),
      size: { cols: 80, rows: 24 },
      timers: this.clock,
      getToken: () => Promise.resolve({ ok: true }),
      open: (url, handlers) => {
        expect(url).toBe(
          'ws://relay.test/v1/terminals/mac_00000000000000000000000001/ses_00000000000000000000000001',
        );
        this.connections += 1;
        this.#live = handlers;
        this.#helloed = false;
        const mine = () => this.#live === handlers;
        this.clock.after(5, () => {
          if (mine()) handlers.opened();
        });
        return {
          send: (data) => {
            if (mine()) this.#received(data);
          },
          close: () => {
            if (mine()) this.#live = null;
          },
        };
      },
      onState: (state) => this.states.push(state),
      onOutput: (bytes, drawn) => {
        this.shown.push(...bytes);
        this.#undrawn.push(drawn);
      },
      onSkipped: (bytes) => {
        this.skippedBytes += bytes;
      },
      onCommand: () => undefined,
      onPeople: (people) => this.people.push(people),
      ...(takesScreen
        ? {
            onScreen: (bytes: Uint8Array, skippedBytes: number, drawn: () => void) => {
              this.screens.push([new TextDecoder().decode(bytes), skippedBytes]);
              this.#undrawn.push(drawn);
            },
          }
        : {}),
    });
  }

  type(length: number): void {
    const bytes = bytesFrom(this.typed.length, length);
    if (this.client.send(bytes)) this.typed.push(...bytes);
  }

  draw(frames = this.#undrawn.length): void {
    for (const drawn of this.#undrawn.splice(0, frames)) drawn();
  }

  /** Send what was produced and not yet sent, some of it a second time. */
  deliver(length: number, again: number): void {
    if (this.#live === null || !this.#helloed) return;
    const from = Math.max(this.freedBytes, this.#sentBytes - again);
    const to = Math.min(this.producedBytes, this.#sentBytes + length);
    if (to <= from) return;
    this.#live.binary(encodeFrame(FrameKind.output, from, bytesFrom(from, to - from)));
    this.#sentBytes = Math.max(this.#sentBytes, to);
  }

  skipTo(offsetBytes: number): void {
    this.#sentBytes = offsetBytes;
  }

  acknowledgeInput(): void {
    if (this.#helloed) this.#live?.binary(encodeFrame(FrameKind.inputAck, this.ptyInput.length));
  }

  cut(closeCode = 1006): void {
    const live = this.#live;
    this.#live = null;
    live?.closed(closeCode);
  }

  setAgent(agent: 'connected' | 'lost'): void {
    this.#agent = agent;
    if (!this.#helloed) return;
    this.send({
      type: 'agent',
      state: agent,
      ...(agent === 'connected' ? { inputOffsetBytes: this.ptyInput.length } : {}),
    });
  }

  send(message: TerminalToConsole): void {
    this.#live?.text(JSON.stringify(message));
  }

  #received(data: string | Uint8Array): void {
    if (typeof data === 'string') {
      const message = ConsoleToTerminal.parse(JSON.parse(data));
      if (message.type === 'resize') this.resizes.push(message);
      if (message.type !== 'hello') return;
      this.turns.push(message.turn);
      this.#helloed = true;
      this.modes.push(message.mode);
      this.hellos.push([message.outputOffsetBytes, message.takesScreen]);
      this.#sentBytes = Math.max(this.freedBytes, message.outputOffsetBytes);
      this.send({
        type: 'ready',
        outputOffsetBytes: this.#sentBytes,
        inputOffsetBytes: this.ptyInput.length,
        agent: this.#agent,
      });
      return;
    }
    const decoded = decodeFrame(data);
    if (!decoded.ok) throw new Error(decoded.reason);
    const { kind, offsetBytes, payload } = decoded.frame;
    if (kind === FrameKind.outputAck) this.acks.push(offsetBytes);
    // Input for a machine that is away is lost on the way, as it would be between relay and agent.
    if (kind !== FrameKind.input || this.#agent === 'lost' || this.frozen) return;
    const part = unseenPart(this.ptyInput.length, offsetBytes, payload);
    expect(part.state).not.toBe('gap');
    if (part.state === 'new') this.ptyInput.push(...part.payload);
  }
}

const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('produce'), length: fc.nat(5000) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('deliver'), length: fc.nat(4000), again: fc.nat(900) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('type'), length: fc.nat(400) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('draw') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ackInput') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass'), length: fc.nat(3000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cut') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('find') }) },
);

describe('TerminalClient', () => {
  it('shows every byte once and types every byte once, whatever is cut, doubled or away', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const far = new FarEnd();
        far.client.connect();
        for (const step of actions) {
          const length = 'length' in step ? step.length : 0;
          if (step.do === 'produce') far.producedBytes += length;
          if (step.do === 'deliver') far.deliver(length, 'again' in step ? step.again : 0);
          if (step.do === 'type') far.type(length);
          if (step.do === 'draw') far.draw();
          if (step.do === 'ackInput') far.acknowledgeInput();
          if (step.do === 'pass') await far.clock.pass(length);
          if (step.do === 'cut') far.cut();
          if (step.do === 'lose') far.setAgent('lost');
          if (step.do === 'find') far.setAgent('connected');
          await settled();
        }
        // All is well again: everything must arrive, and the last byte be acknowledged as drawn.
        far.setAgent('connected');
        for (let round = 0; round < 40; round += 1) {
          await far.clock.pass(800);
          far.deliver(60_000, 0);
          far.acknowledgeInput();
          far.draw();
        }
        await far.clock.pass(1000);
        expect(far.shown).toEqual([...bytesFrom(0, far.producedBytes)]);
        expect(far.ptyInput).toEqual(far.typed);
        expect(far.acks.at(-1) ?? 0).toBe(far.producedBytes);
        expect(far.acks).toEqual(far.acks.toSorted((one, other) => one - other));
      }),
      { numRuns: 150 },
    );
  });

  it('acknowledges what is drawn, not what is received', async () => {
    const far = new FarEnd();
    far.client.connect();
    await far.clock.pass(10);
    far.producedBytes = ACK_EVERY_BYTES * 2;
    far.deliver(ACK_EVERY_BYTES, 0);
    far.deliver(10, 0);
    await far.clock.pass(500);
    // The answer to `ready`, by which the relay measures the line.
    expect(far.acks).toEqual([0]);
    far.draw(1);
    expect(far.acks).toEqual([0, ACK_EVERY_BYTES]);
    far.draw();
    expect(far.acks).toEqual([0, ACK_EVERY_BYTES]);
    await far.clock.pass(100);
    expect(far.acks).toEqual([0, ACK_EVERY_BYTES, ACK_EVERY_BYTES + 10]);
  });

  it('says how much passed while nobody watched, and goes on behind it', async () => {
    const far = new FarEnd();
    far.producedBytes = 5000;
    far.freedBytes = 4000;
    far.client.connect();
    await far.clock.pass(10);
    far.deliver(1000, 0);
    far.draw();
    await far.clock.pass(100);
    expect(far.skippedBytes).toBe(4000);
    expect(far.shown).toEqual([...bytesFrom(4000, 1000)]);
    expect(far.acks.at(-1)).toBe(5000);
  });

  it('draws a screen in place of what it missed, goes on behind it, and loads what was skipped', async () => {
    const far = new FarEnd(true);
    far.producedBytes = 500;
    far.client.connect();
    await far.clock.pass(10);
    far.deliver(100, 0);
    const size = { cols: 80, rows: 24 };
    far.send({ type: 'screen', picture: { offsetBytes: 400, size, data: btoa('the screen') } });
    far.skipTo(400);
    far.deliver(100, 0);
    expect(far.screens).toEqual([['the screen', 300]]);
    // What was drawn of before, and late, counts no more.
    far.draw(1);
    await far.clock.pass(100);
    expect(far.acks).toEqual([0]);
    far.draw();
    await far.clock.pass(100);
    expect(far.acks).toEqual([0, 500]);
    expect(far.shown).toEqual([...bytesFrom(0, 100), ...bytesFrom(400, 100)]);

    far.client.loadFrom(100);
    await far.clock.pass(10);
    far.deliver(200, 0);
    far.cut();
    await far.clock.pass(10);
    far.deliver(1000, 0);
    far.draw();
    await far.clock.pass(100);
    expect(far.shown.slice(200)).toEqual([...bytesFrom(100, 400)]);
    expect(far.hellos).toEqual([
      [0, true],
      [100, false],
      [300, false],
      [500, true],
    ]);
    expect(far.acks.at(-1)).toBe(500);
  });

  it('types nothing while it watches, then from where it is told; what another types since is not its own', async () => {
    const far = new FarEnd();
    far.client.connect();
    await far.clock.pass(10);
    const [typist, other] = [
      { userId: UserId.parse('user_0000000001'), name: 'Marisol' },
      { userId: UserId.parse('user_0000000002'), name: 'Sam' },
    ];
    far.type(2);
    far.send({ type: 'people', mode: 'watch', typist: other, away: false, watchers: [typist] });
    expect(far.people.at(-1)).toEqual({ mode: 'watch', typist: other, away: false, watchers: [typist] });
    expect(far.client.send(new Uint8Array(3))).toBe(false);
    // Nothing waits any more: no silence to notice.
    await far.clock.pass(30_000);
    expect(far.connections).toBe(1);
    far.ptyInput.push(9, 9, 9);
    far.send({ type: 'people', mode: 'type', typist, away: false, watchers: [], inputOffsetBytes: 5 });
    far.client.send(Uint8Array.of(7, 8));
    expect(far.ptyInput.slice(2)).toEqual([9, 9, 9, 7, 8]);
    far.send({ type: 'people', mode: 'watch', typist: other, away: true, watchers: [] });
    far.cut();
    await far.clock.pass(1000);
    expect(far.hellos.at(-1)).toEqual([0, false]);
    expect(far.modes).toEqual(['type', 'watch']);
  });

  it('voids what waits from another turn of the keyboard, says that it has heard, and goes on where it is told', async () => {
    const far = new FarEnd();
    far.client.connect();
    await far.clock.pass(10);
    const typist = { userId: UserId.parse('user_0000000001'), name: 'Marisol' };
    const people = { type: 'people' as const, mode: 'type' as const, typist, away: false, watchers: [] };
    far.send({ ...people, turn: 4 });
    far.send({ ...people, turn: 4 });
    far.type(2);
    expect(far.resizes).toEqual([]);
    // It types on while its line is away; another had the keyboard, and has given it back.
    far.cut();
    far.client.send(Uint8Array.of(1, 1, 1));
    far.ptyInput.push(9, 9);
    far.setAgent('lost');
    await far.clock.pass(1000);
    expect(far.turns).toEqual([undefined, 4]);
    far.send({ ...people, turn: 6, inputOffsetBytes: 4 });
    far.setAgent('connected');
    far.client.send(Uint8Array.of(7, 8));
    expect(far.ptyInput.slice(2)).toEqual([9, 9, 7, 8]);
    expect(far.resizes).toEqual([{ type: 'resize', size: { cols: 80, rows: 24 }, turn: 6 }]);
    far.cut();
    await far.clock.pass(1000);
    expect(far.turns.at(-1)).toBe(6);
  });

  it('notices a dead socket by input that nobody confirms', async () => {
    const far = new FarEnd();
    far.client.connect();
    await far.clock.pass(10);
    far.type(3);
    await far.clock.pass(7000);
    expect(far.connections).toBe(2);
    far.acknowledgeInput();
    await far.clock.pass(60_000);
    expect(far.connections).toBe(2);
    expect(far.ptyInput).toEqual(far.typed);
  });

  it('makes the try that waits for its turn at once when the computer woke', async () => {
    const far = new FarEnd();
    far.client.connect();
    await far.clock.pass(10);
    // The second try waits for some hundred milliseconds.
    far.cut();
    await far.clock.pass(0);
    far.cut();
    await far.clock.pass(0);
    const before = far.connections;
    expect(far.client.state).toMatchObject({ kind: 'connecting' });
    far.client.retryNow();
    await far.clock.pass(10);
    expect(far.connections).toBe(before + 1);
    expect(far.client.state).toEqual({ kind: 'open', agent: 'connected' });
    // What stands is left alone.
    far.client.retryNow();
    await far.clock.pass(10);
    expect(far.connections).toBe(before + 1);
  });

  it('tells of a machine that does not answer what is typed, over a line that does, until it is heard again', async () => {
    const far = new FarEnd();
    far.client.connect();
    await far.clock.pass(10);
    far.frozen = true;
    far.type(3);
    const before = far.states.length;
    await far.clock.pass(60_000);
    // One look whether the line is at fault, then a patient one: the state does not flicker meanwhile.
    expect(far.connections).toBe(3);
    const told = far.states.slice(before);
    expect(told.length).toBeGreaterThan(0);
    for (const state of told) expect(state).toEqual({ kind: 'open', agent: 'silent' });
    expect(far.client.waitingCharacters).toBe(3);
    far.frozen = false;
    await far.clock.pass(20_000);
    far.acknowledgeInput();
    expect(far.client.state).toEqual({ kind: 'open', agent: 'connected' });
    expect(far.client.waitingCharacters).toBe(0);
    expect(far.ptyInput).toEqual(far.typed);
    // A program that reads nothing: the agent repeats what was read, which is an answer.
    far.frozen = true;
    far.type(2);
    for (let beat = 0; beat < 20; beat += 1) {
      await far.clock.pass(2000);
      far.acknowledgeInput();
    }
    expect(far.client.state).toEqual({ kind: 'open', agent: 'connected' });
  });

  it('ends with the session, and gives up only where the relay refuses for good', async () => {
    const ended = new FarEnd();
    ended.client.connect();
    await ended.clock.pass(10);
    ended.send({ type: 'ended', reason: 'exited', exitCode: 3, outputEndBytes: 0 });
    expect(ended.client.state).toEqual({ kind: 'ended', reason: 'exited', exitCode: 3 });
    expect(ended.client.send(new Uint8Array(1))).toBe(false);
    await ended.clock.pass(60_000);
    expect(ended.connections).toBe(1);

    const taken = new FarEnd();
    taken.client.connect();
    await taken.clock.pass(10);
    taken.cut(errors.session_taken_over.closeCode);
    expect(taken.client.state).toMatchObject({ kind: 'refused', error: { code: 'session_taken_over' } });
    await taken.clock.pass(60_000);
    expect(taken.connections).toBe(1);
  });
});
