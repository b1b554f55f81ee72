import { readSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { spawn, type IPty } from '@lydell/node-pty';
import type { TerminalSize } from '#protocol/control/verbs.ts';
import type { Clock } from '../clock.ts';
import { endProcessSession, type PtySession } from './process-session.ts';

export interface PtyExit {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: number | null;
}

export interface PtyEvents {
  /** The bytes are there for the time of the call. */
  output(bytes: Uint8Array): void;
  /** Once. Every byte of output came before; the processes of the session are gone. */
  exited(exit: PtyExit): void;
}

/** A shell in a pty, bytes in and out. */
export interface PtyProcess {
  readonly session: PtySession;
  /** @returns how many of these bytes the kernel took: fewer than all when no program reads. All once it is over. */
  write(bytes: Uint8Array): number;
  resize(size: TerminalSize): void;
  /** Once the shell is gone its last output is read all the same: no more than the kernel holds. */
  pause(): void;
  resume(): void;
  /** Ends the shell and whatever it started. `exited` follows. */
  end(): void;
}

export interface PtyLaunch {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How long the output may be read on for after the shell went, when something that left the session holds the pty. */
const LINGER_MS = 300;

/** @throws when the pty or the shell cannot be started */
export function startPty(launch: PtyLaunch, size: TerminalSize, clock: Clock, events: PtyEvents): PtyProcess {
  const pty = spawn(launch.file, [...launch.args], {
    name: 'xterm-256color',
    cwd: launch.cwd,
    env: { ...launch.env },
    cols: size.cols,
    rows: size.rows,
    encoding: null,
  });
  const socket = socketOf(pty);
  const terminal = terminalOf(pty);
  const descriptor = descriptorOf(pty);
  const session: PtySession = {
    leaderPid: pty.pid,
    terminal: () => (socket.destroyed ? null : terminal),
  };
  let closed = false;
  let sessionGone = false;
  let ending = false;
  let exit: PtyExit | null = null;
  let cancelLinger: (() => void) | null = null;
  const destroy = socket.destroy.bind(socket);

  const finishWhenBothDone = (): void => {
    if (exit !== null && sessionGone) events.exited(exit);
  };
  const end = (): void => {
    if (ending) return;
    ending = true;
    endProcessSession(session, clock, () => {
      sessionGone = true;
      socket.resume();
      if (!closed) cancelLinger = clock.timer(LINGER_MS, () => destroy());
      finishWhenBothDone();
    });
  };

  // node-pty destroys its socket 200 ms after the shell's end, read or not: a paused pty would lose its tail.
  // Its call (no error, more to read) is taken for what it tells: that the shell is gone.
  socket.destroy = (error?: Error) => {
    if (error !== undefined || socket.readableEnded) return destroy(error);
    end();
    return socket;
  };
  let space: Buffer | null = null;
  socket.on('data', (first: Uint8Array) => {
    // What the stream still holds comes before what the kernel holds. Less than it gives at a time: it has no more.
    const isNext = socket.readableLength === 0 && !socket.destroyed && first.length >= FULL_READ_BYTES;
    if (!isNext) return events.output(first);
    space ??= Buffer.allocUnsafeSlow(READ_ALONG_BYTES);
    events.output(withWhatFollows(first, descriptor, space));
  });
  socket.once('close', () => {
    closed = true;
    cancelLinger?.();
  });
  pty.onExit(({ exitCode, signal }) => {
    const bySignal = signal !== undefined && signal !== 0;
    exit = { exitCode: bySignal ? null : exitCode, signal: bySignal ? signal : null };
    end();
    finishWhenBothDone();
  });

  return {
    session,
    write(bytes) {
      return socket.destroyed ? bytes.length : writeNow(descriptor, bytes);
    },
    resize(size) {
      if (!closed && exit === null) pty.resize(size.cols, size.rows);
    },
    pause() {
      if (!sessionGone) socket.pause();
    },
    resume() {
      socket.resume();
    },
    end,
  };
}

const READ_ALONG_BYTES = 64 * 1024;
/** The kernel gives at most 4095 at a time. */
const FULL_READ_BYTES = 4000;

/**
 * The stream reads 4 KB in a turn of the event loop. What else is there comes along: an eighth of the turns in a flood.
 * All in the same space: memory outside of V8's heap, new for each turn, has it collect garbage without end.
 */
function withWhatFollows(first: Uint8Array, descriptor: number, space: Buffer): Buffer {
  space.set(first);
  let end = first.length;
  for (let read = FULL_READ_BYTES; read >= FULL_READ_BYTES && space.length - end > FULL_READ_BYTES;) {
    read = readNow(descriptor, space.subarray(end));
    end += read;
  }
  return space.subarray(0, end);
}

/** @returns 0 where there is nothing, or nothing any more: the stream will tell. */
function readNow(descriptor: number, into: Uint8Array): number {
  try {
    return readSync(descriptor, into);
  } catch {
    return 0;
  }
}

/**
 * Not by the stream: libuv takes a tty for one whose writes block, and when the pty is full it tries again and again
 * without end, on the agent's only thread.
 */
function writeNow(descriptor: number, bytes: Uint8Array): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    // Nobody will read this any more: the shell is gone.
    return bytes.length;
  }
}

// What node-pty keeps inside: the stream that it reads from, and the pty's descriptor, which does not block.
function socketOf(pty: IPty): ReadStream {
  const socket: unknown = Reflect.get(pty, '_socket');
  if (!(socket instanceof ReadStream)) throw new Error('this node-pty has no tty stream inside');
  return socket;
}

function descriptorOf(pty: IPty): number {
  const descriptor: unknown = Reflect.get(pty, 'fd');
  if (typeof descriptor !== 'number') throw new Error('this node-pty has no descriptor');
  return descriptor;
}

function terminalOf(pty: IPty): string {
  const name: unknown = Reflect.get(pty, 'ptsName');
  if (typeof name !== 'string') throw new Error('this node-pty does not tell the name of its terminal');
  return name;
}
