import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DrivenSession, type DrivenSessionOptions } from '../testing/driven-session.ts';
import { sessionMembers } from './process-session.ts';

const open: DrivenSession[] = [];

function start(options: DrivenSessionOptions = {}): DrivenSession {
  const driven = new DrivenSession(options);
  open.push(driven);
  return driven;
}

async function started(options: DrivenSessionOptions = {}): Promise<DrivenSession> {
  const driven = start(options);
  driven.connect();
  await driven.prompt();
  return driven;
}

afterEach(async () => {
  for (const driven of open.splice(0)) await driven.dispose();
});

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
/** What `seq 1 n` prints through a pty. */
const seq = (n: number) => Array.from({ length: n }, (_, i) => `${i + 1}\r\n`).join('');

describe('terminal session', () => {
  it('delivers the last byte before it says exited, 20 of 20, with a window smaller than the output', async () => {
    for (let round = 0; round < 20; round += 1) {
      // A ring and a window this small leave the shell's last output in the paused pty when it ends.
      const driven = start({ shell: '/bin/sh', windowBytes: 20_000, ringLimitBytes: 30_000 });
      driven.connect();
      await driven.prompt();
      const before = driven.receivedBytes;
      driven.type('seq 1 30000; exit 7\r');
      await driven.until(() => driven.settled, 'the end');
      const end = driven.output().subarray(before).toString('latin1');
      expect(sha256(end.slice(end.indexOf('\r\n1\r\n') + 2))).toBe(sha256(seq(30_000)));
      expect(driven.facts.at(-1)).toMatchObject({ fact: 'exited', exitCode: 7, signal: null });
    }
  });

  it('keeps the tail of a shell that ended while nobody was reading', async () => {
    const driven = start({ shell: '/bin/sh' });
    driven.connect();
    await driven.prompt();
    const before = driven.receivedBytes;
    driven.connect(false);
    // 64 KiB unsent pause the pty; the shell then fills the kernel's buffer and ends.
    driven.type('seq 1 13000; exit\r');
    await driven.until(() => driven.exit !== null, 'the exit');
    driven.connect();
    await driven.until(() => driven.settled, 'the end');
    const end = driven.output().subarray(before).toString('latin1');
    expect(sha256(end.slice(end.indexOf('\r\n1\r\n') + 2))).toBe(sha256(seq(13_000)));
  });

  it('loses and repeats nothing over cuts at any moment, in both directions', async () => {
    const driven = await started({ windowBytes: 64 * 1024 });
    const before = driven.receivedBytes;
    driven.type('seq 1 60000; read -r line; echo "got $line"\r');
    let cuts = 0;
    while (driven.receivedBytes - before < 330_000) {
      const seen = driven.receivedBytes;
      await driven.until(() => driven.receivedBytes > seen, 'more output');
      driven.cutNow();
      driven.connect();
      cuts += 1;
    }
    await driven.until(() => driven.text().endsWith('\n60000\n'), 'the numbers');
    driven.type('only once\r');
    await driven.until(() => driven.text().endsWith('got only once\n$ '), 'the answer');
    expect(cuts).toBeGreaterThan(5);
    const numbers = seq(60_000).replaceAll('\r', '');
    const text = driven.text();
    const from = text.indexOf('\n1\n') + 1;
    expect(sha256(text.slice(from, from + numbers.length))).toBe(sha256(numbers));
    expect(text.slice(from + numbers.length)).toBe('only once\ngot only once\n$ ');
  });

  it('applies repeated input once, acknowledges what the pty took, and asks for what is missing', async () => {
    const driven = await started();
    const line = Buffer.from('echo one\r');
    driven.inputAt(0, line);
    driven.inputAt(0, line);
    driven.inputAt(5, Buffer.from('one\recho two\r'));
    await driven.until(() => driven.finished().length === 2, 'two commands');
    await driven.until(() => driven.inputAckedBytes === 18, 'the acknowledgement');
    expect(driven.commands().map(({ line }) => line)).toEqual(['echo one', 'echo two']);
    driven.inputAt(19, Buffer.from('x'));
    expect(driven.cuts).toEqual(['input is missing']);
    driven.connect();
    await driven.until(() => driven.hellos.length === 2, 'hello');
    expect(driven.hellos[1]?.inputOffsetBytes).toBe(18);
  });

  it('holds a flood to the window with a socket, to the ring without one, and stops it at Ctrl+C', async () => {
    const driven = await started({ frees: false, ringLimitBytes: 300_000, windowBytes: 50_000 });
    driven.connect(false);
    driven.type('yes\r');
    await driven.until(() => driven.hellos.length === 2, 'hello');
    driven.credit(40_000);
    await driven.until(() => driven.receivedBytes === 40_000, 'what credit allows');
    let kept = 0;
    let looks = 0;
    await driven.until(() => {
      looks = driven.session.keptBytes === kept ? looks + 1 : 0;
      kept = driven.session.keptBytes;
      return looks > 10;
    }, 'the pty to be paused');
    expect(kept).toBeLessThan(40_000 + 2 * 64 * 1024);
    driven.cutNow();
    // Without a socket the ring fills: its limit and no more than what was on its way.
    await driven.until(() => driven.session.keptBytes >= 300_000, 'a full ring');
    expect(driven.session.keptBytes).toBeLessThan(300_000 + 140_000);
    driven.connect();
    driven.free(40_000);
    driven.type('\u0003');
    await driven.until(() => {
      driven.free(driven.receivedBytes);
      return driven.finished().length === 1;
    }, 'the prompt');
    expect(driven.finished()[0]?.exitCode).toBe(130);
  });

  it('leaves no process of the session behind, stopped, in the background or deaf to SIGHUP', async () => {
    const driven = await started();
    writeFileSync(join(driven.home, 'deaf'), "trap '' HUP TERM\nwhile :; do sleep 0.1; done\n");
    await driven.run('sleep 1000 & sh deaf & sleep 1001 | cat & sleep 1002 & kill -STOP $!');
    const { pid } = driven.session;
    expect(sessionMembers(pid).length).toBeGreaterThanOrEqual(6);
    driven.say({ type: 'close' });
    await driven.until(() => driven.settled, 'the end');
    expect(sessionMembers(pid)).toEqual([]);
  });

  it('passes a new size to the program', async () => {
    const driven = await started();
    driven.say({ type: 'resize', size: { cols: 91, rows: 33 } });
    await driven.run('stty size');
    expect(driven.text()).toContain('33 91\n');
  });
});
