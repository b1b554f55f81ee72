import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

/** A hundred shells take long where other tests run beside them. */
const HUNDRED_SHELLS_LIMIT_MS = 180_000;

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');

/** Not the case for a zombie: nobody may be there to bury what lost its parent. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

/** Processes with exactly this command line. */
function running(commandLine: string): number {
  const wanted = `${commandLine.replaceAll(' ', '\0')}\0`;
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'latin1') === wanted;
    } catch {
      return false;
    }
  }).length;
}

/** What `seq 1 n` prints through a pty. */
const seq = (n: number) => Array.from({ length: n }, (_, i) => `${i + 1}\r\n`).join('');

describe('terminal session', () => {
  it(
    'delivers the last byte before it says exited, 100 of 100, with a window smaller than the output',
    async () => {
      const expected = sha256(seq(8000));
      for (let round = 0; round < 20; round += 1) {
        // A ring and a window this small leave the shell's last output in the paused pty when it ends.
        const small = { shell: '/bin/sh', windowBytes: 10_000, ringLimitBytes: 15_000 };
        const sessions = await Promise.all(Array.from({ length: 5 }, () => started(small)));
        const before = sessions.map((driven) => driven.receivedBytes);
        for (const driven of sessions) driven.type('seq 1 8000; exit 7\r');
        for (const [index, driven] of sessions.entries()) {
          await driven.until(() => driven.settled, 'the end');
          const end = driven.output().subarray(before[index]).toString('latin1');
          expect(sha256(end.slice(end.indexOf('\r\n1\r\n') + 2))).toBe(expected);
          expect(driven.facts.at(-1)).toMatchObject({ fact: 'exited', exitCode: 7, signal: null });
        }
      }
    },
    HUNDRED_SHELLS_LIMIT_MS,
  );

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
    const driven = await started({ windowBytes: 16 * 1024 });
    const before = driven.receivedBytes;
    driven.type('seq 1 60000; read -r line; echo "got $line"\r');
    let cuts = 0;
    while (driven.receivedBytes - before < 330_000) {
      driven.cutNow();
      cuts += 1;
      driven.connect(false);
      await driven.until(() => driven.hellos.length === cuts + 1, 'hello');
      // Never far, however busy the machine is; each time at another place, with more on its way.
      const wanted = driven.receivedBytes + 4_000 + cuts * 777;
      driven.credit(wanted + 16 * 1024);
      await driven.until(() => driven.receivedBytes >= wanted, 'more output');
    }
    driven.connect();
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

  it('answers a welcome at once, by which the relay measures the line', async () => {
    const driven = await started();
    driven.connect();
    const before = driven.inputAcks;
    await driven.until(() => driven.hellos.length === 2, 'hello');
    await driven.until(() => driven.inputAcks === before + 1, 'the answer');
    expect(driven.inputAckedBytes).toBe(0);
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

  it('leaves no process behind: stopped, in the background, deaf, with nohup, or in a session of its own', async () => {
    const driven = await started();
    writeFileSync(join(driven.home, 'deaf'), "trap '' HUP TERM INT\nwhile :; do sleep 0.1; done\n");
    await driven.run('sleep 1000 & sh deaf & sleep 1001 | cat & sleep 1002 & kill -STOP $!');
    await driven.run('nohup sleep 1003 >/dev/null 2>&1 & setsid sh deaf & (setsid sleep 1004 &)');
    await driven.run('setsid sh -c "sleep 1005; true" >/dev/null 2>&1 &');
    // As a service does: its own session, no parent here, no stream of this terminal. It was meant to stay.
    await driven.run('(setsid sh -c "echo \\$\\$ > service; exec sleep 1006" </dev/null >/dev/null 2>&1 &)');
    const service = () => Number(readFileSync(join(driven.home, 'service'), 'utf8'));
    await driven.until(() => existsSync(join(driven.home, 'service')) && service() > 0, 'the service');
    const { processes } = driven.session;
    await driven.until(() => sessionMembers(processes).length >= 12, 'all of them');
    const members = sessionMembers(processes);
    expect(members).not.toContain(service());
    driven.say({ type: 'close' });
    await driven.until(() => driven.settled, 'the end');
    expect(members.filter(isAlive)).toEqual([]);
    expect(isAlive(service())).toBe(true);
    process.kill(service(), 'SIGKILL');
  });

  it(
    'leaves no process and no descriptor of 100 sessions that were opened and closed',
    async () => {
      const descriptors = () => readdirSync('/proc/self/fd').length;
      const before = descriptors();
      const program = `sleep 1000.${process.pid}`;
      for (let round = 0; round < 5; round += 1) {
        const sessions = await Promise.all(Array.from({ length: 20 }, () => started({ shell: '/bin/sh' })));
        for (const driven of sessions) driven.type(`${program} & (setsid ${program} &)\r`);
        await sessions[0]?.until(() => running(program) === 40, 'all their processes');
        for (const driven of sessions) driven.say({ type: 'close' });
        for (const driven of sessions) await driven.until(() => driven.settled, 'the end');
        expect(sessions.map(({ session }) => session.pid).filter(isAlive)).toEqual([]);
      }
      expect(running(program)).toBe(0);
      await open[0]?.until(() => descriptors() <= before, 'the descriptors to be closed');
    },
    HUNDRED_SHELLS_LIMIT_MS,
  );

  it('shows the screen as it stands where output goes on, at the size of now', async () => {
    const driven = await started();
    await driven.run("printf '\\033[32mgr''een\\033[0m\\n'");
    const size = { cols: 91, rows: 33 };
    driven.say({ type: 'resize', size });
    driven.say({ type: 'screen.request' });
    await driven.until(() => driven.pictures.length === 1, 'the picture');
    const picture = driven.pictures[0];
    expect(picture?.size).toEqual(size);
    expect(picture?.offsetBytes).toBeLessThanOrEqual(driven.receivedBytes);
    expect(Buffer.from(picture?.data ?? '', 'base64').toString()).toContain('\u001b[32mgreen');
  });

  it('forgets input that no program has read, when another types', async () => {
    const driven = await started();
    driven.type('stty raw -echo; echo RE""ADY; sleep 2; stty sane\r');
    await driven.until(() => driven.text().includes('READY'), 'a program that reads nothing');
    const lost = 200_000;
    for (let at = 0; at < lost; at += 50_000) driven.type('x'.repeat(50_000));
    driven.say({ type: 'input.discard' });
    await driven.until(() => driven.inputGivenBackTo !== null, 'the answer');
    expect(driven.inputGivenBackTo).toBeLessThan(lost);
    await driven.prompt();
    driven.type('\u0015echo by an""other\r');
    await driven.until(() => driven.text().includes('by another'), 'what the next one typed');
  });

  it('passes a new size to the program', async () => {
    const driven = await started();
    driven.say({ type: 'resize', size: { cols: 91, rows: 33 } });
    driven.type('stty size\r');
    await driven.until(() => driven.text().includes('33 91\n'), 'the new size');
  });
});
