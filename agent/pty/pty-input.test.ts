import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { DrivenSession, type DrivenSessionOptions } from '../testing/driven-session.ts';
import { PtyInput } from './pty-input.ts';
import { isSecretMode } from './terminal-echo.ts';

const open: DrivenSession[] = [];

async function started(options: DrivenSessionOptions = {}): Promise<DrivenSession> {
  const driven = new DrivenSession(options);
  open.push(driven);
  driven.connect();
  await driven.prompt();
  return driven;
}

afterEach(async () => {
  for (const driven of open.splice(0)) await driven.dispose();
});

const redacted = (driven: DrivenSession) =>
  driven.facts.flatMap((fact) => (fact.fact === 'input.redacted' ? [fact.bytes] : []));

describe('input to a pty', () => {
  it('arrives in order and once, whatever is looked at, written late or given back', async () => {
    const chunk = fc.array(fc.constantFrom(0x61, 0x62, 0x0d, 0x0a, 0x04), { minLength: 1, maxLength: 12 });
    const step = fc.oneof(
      { weight: 4, arbitrary: chunk.map((bytes) => ({ push: Uint8Array.from(bytes) })) },
      { weight: 2, arbitrary: fc.nat({ max: 8 }).map((bytes) => ({ room: bytes })) },
      { weight: 1, arbitrary: fc.constant('again' as const) },
      { weight: 2, arbitrary: fc.boolean().map((secret) => ({ answer: secret })) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, mayAsk) => {
        const sent: number[] = [];
        const got: number[] = [];
        const retries: (() => void)[] = [];
        const looks: ((secret: boolean) => void)[] = [];
        let room = 5;
        const input = new PtyInput({
          clock: {
            ...systemClock,
            timer(_delayMs, fire) {
              retries.push(fire);
              return () => {};
            },
          },
          write(bytes) {
            const taken = bytes.subarray(0, room);
            got.push(...taken);
            room -= taken.length;
            return taken.length;
          },
          mayAskForSecret: () => mayAsk,
          asksForSecret: () => new Promise((resolve) => looks.push(resolve)),
          redacted: () => {},
          progress: () => {},
        });
        const settle = () => new Promise((resolve) => setImmediate(resolve));
        for (const action of steps) {
          if (action === 'again') {
            const from = input.giveBack();
            if (from < sent.length) input.push(Uint8Array.from(sent.slice(from)));
          } else if ('room' in action) {
            room += action.room;
            retries.shift()?.();
          } else if ('answer' in action) {
            looks.shift()?.(action.answer);
            await settle();
          } else {
            sent.push(...action.push);
            input.push(action.push);
          }
          expect(retries.length + looks.length).toBeLessThanOrEqual(1);
          expect(got).toEqual(sent.slice(0, got.length));
          expect([input.takenBytes, input.writtenBytes]).toEqual([sent.length, got.length]);
        }
        room = 1000;
        for (let left = sent.length * 2; left > 0 && got.length < sent.length; left -= 1) {
          retries.shift()?.();
          looks.shift()?.(false);
          await settle();
        }
        expect(got).toEqual(sent);
      }),
      { numRuns: 100 },
    );
  });

  it('is looked at line by line where lines came together, up to the first with echo', async () => {
    const answers = [true, false];
    const told: number[] = [];
    let written = '';
    const input = new PtyInput({
      clock: systemClock,
      write(bytes) {
        written += Buffer.from(bytes).toString();
        return bytes.length;
      },
      mayAskForSecret: () => true,
      asksForSecret: () => Promise.resolve(answers.shift() ?? true),
      redacted: (bytes) => told.push(bytes),
      progress: () => {},
    });
    const lines = 'correct horse\rseen\rnot looked at\r';
    input.push(Buffer.from(lines));
    await vi.waitFor(() => expect(written).toBe(lines));
    expect(told).toEqual([13]);
    expect(answers).toEqual([]);
  });

  it('is told as redacted when a program reads it without echo, and only then', async () => {
    const driven = await started();
    driven.type('read -rs -p "password: " x; read -r -p "name: " y; echo "[$x|$y]"\r');
    await driven.until(() => driven.text().endsWith('password: '), 'the question');
    driven.type('correct horse\r');
    // Not together: what is written before bash has turned the echo on again is rightly told as well.
    await driven.until(() => driven.text().endsWith('name: '), 'the question with echo');
    driven.type('seen\r');
    await driven.until(() => driven.finished().length === 1, 'the end');
    await driven.until(() => driven.text().includes('[correct horse|seen]\n'), 'the answer');
    expect(redacted(driven)).toEqual([13]);
    // A key at a time, as people type; mistakes count as typed.
    driven.type('read -rs -p "again: " x\r');
    await driven.until(() => driven.text().endsWith('again: '), 'the question');
    for (const key of 'pas\u007fs') driven.type(key);
    driven.type('\r');
    await driven.until(() => driven.finished().length === 2, 'the end');
    expect(redacted(driven)).toEqual([13, 5]);
    // Nothing typed but Enter; a line editor of a shell within, which clears ICANON as well.
    driven.type('read -rs -p "empty: " x; PS1="in> " bash --norc\r');
    await driven.until(() => driven.text().endsWith('empty: '), 'the question');
    driven.type('\r');
    await driven.until(() => driven.text().endsWith('in> '), 'the inner prompt');
    driven.type('echo inner; exit\r');
    await driven.until(() => driven.finished().length === 3, 'the end');
    expect(redacted(driven)).toEqual([13, 5]);
  });

  it('is told without what the terminal answered in the midst of it, which nobody typed', async () => {
    const driven = await started();
    driven.type('read -rs -p "password: " x\r');
    await driven.until(() => driven.text().endsWith('password: '), 'the question');
    for (const input of ['hun', '\u001b[12;40R', 'ter2', '\u001b[?62;4c', '\r']) driven.type(input);
    await driven.until(() => driven.finished().length === 1, 'the end');
    expect(redacted(driven)).toEqual([7]);
  });

  it('is told as redacted in a shell without hooks too', async () => {
    const driven = await started({ shell: '/bin/sh' });
    driven.type('stty -echo; printf "pass""word: "; read x; stty echo; echo "[$x]"\r');
    await driven.until(() => driven.text().endsWith('password: '), 'the question');
    driven.type('hunter2\r');
    await driven.until(() => driven.text().includes('[hunter2]\n'), 'the answer');
    expect(redacted(driven)).toEqual([7]);
  });

  it('is looked at anew once it was given back, as another may type it', async () => {
    const told: number[] = [];
    const looks: ((secret: boolean) => void)[] = [];
    let room = 100;
    let retry = (): void => {};
    const input = new PtyInput({
      clock: {
        ...systemClock,
        timer(_delayMs, fire) {
          retry = fire;
          return () => {};
        },
      },
      write(bytes) {
        const taken = Math.min(room, bytes.length);
        room -= taken;
        return taken;
      },
      mayAskForSecret: () => true,
      asksForSecret: () => new Promise((resolve) => looks.push(resolve)),
      redacted: (bytes) => told.push(bytes),
      progress: () => {},
    });
    const answer = async (secret: boolean) => {
      expect(looks).toHaveLength(1);
      looks.shift()?.(secret);
      await new Promise((resolve) => setImmediate(resolve));
    };
    const push = (text: string) => input.push(Buffer.from(text));
    push(`a\r${'b'.repeat(50)}`);
    expect(input.giveBack()).toBe(1);
    // This answer is about a line that nobody ended.
    await answer(true);
    expect(told).toEqual([]);
    push('\r');
    await answer(false);
    push('pass\r');
    await answer(true);
    expect(told).toEqual([4]);
    // What the terminal echoed was the line before; what came with it was never written.
    push(`c\r${'d'.repeat(50)}`);
    room = 1;
    await answer(false);
    expect(input.giveBack()).toBe(9);
    room = 100;
    push('word\r');
    retry();
    expect(looks).toHaveLength(1);
  });

  it('waits for a program that does not read, is given back to a new socket, and is bounded', async () => {
    const driven = await started();
    driven.type('stty raw -echo; printf "ra""w"; sleep 1000\r');
    await driven.until(() => driven.text().includes('raw'), 'raw mode');
    const typed = driven.inputAckedBytes;
    const frame = new Uint8Array(64 * 1024).fill(0x61);
    for (let i = 0; i < 32; i += 1) driven.inputAt(typed + i * frame.length, frame);
    await driven.until(() => driven.inputAckedBytes > typed, 'what the kernel takes');
    driven.connect();
    await driven.until(() => driven.hellos.length === 2, 'hello');
    const from = driven.hellos[1]?.inputOffsetBytes ?? 0;
    expect(from).toBeLessThan(typed + 512 * 1024);
    expect(driven.cuts).toEqual([]);
    for (let i = 0; i < 80; i += 1) driven.inputAt(from + i * frame.length, frame);
    expect(driven.cuts[0]).toBe('too much input');
  });
});

describe('what stty prints', () => {
  it('is a question for a secret with echo off and lines on', () => {
    const settings = (flags: string) =>
      `speed 38400 baud; rows 24;\nlnext = ^V; min = 1;\n-parenb cs8\n${flags}\n`;
    expect(isSecretMode(settings('isig icanon iexten -echo echoe echok -echonl'))).toBe(true);
    expect(isSecretMode(settings('isig -icanon iexten -echo echoe echok'))).toBe(false);
    expect(isSecretMode(settings('isig icanon iexten echo -echoe -echok'))).toBe(false);
    expect(isSecretMode('')).toBe(false);
  });
});
