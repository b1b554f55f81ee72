import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import type { Clock } from '../clock.ts';

const GRACE_MS = 1500;
const LOOK_EVERY_MS = 50;
/** What survives SIGKILL this long belongs to another user (sudo) or hangs in the kernel. */
const GIVE_UP_MS = 5000;

/** What a session is to the kernel. */
export interface PtySession {
  /** The shell, which node-pty starts as session leader. */
  readonly leaderPid: number;
  /** The terminal's path, such as /dev/pts/3; null once it is closed, as its name is then free for another. */
  terminal(): string | null;
}

/**
 * Ends every process that a pty's session has started: SIGHUP (and SIGCONT, for the stopped), then SIGKILL for what is
 * left after 1.5 s. That is all of the kernel's session (jobs have process groups of their own), all descendants of
 * those, whatever sessions they made (setsid), and all whose standard streams are still this terminal. What remains is
 * what detached itself in every way, as services do: its own session, no parent here, other streams.
 * @param ended called once, when nothing is left, or after 5 s with what could not be ended
 */
export function endProcessSession(session: PtySession, clock: Clock, ended: () => void): void {
  const startedAt = clock.now();
  // Once its parent has gone nothing tells that a process was a descendant, so those seen stay in mind.
  const seen = new Map<number, string>();
  const look = (first: boolean): void => {
    const elapsedMs = clock.now() - startedAt;
    const patienceOver = elapsedMs >= GRACE_MS;
    // The streams of every process of the machine are too many to look at each time.
    const members = livingMembers(session, seen, first || patienceOver);
    if (members.length === 0 || elapsedMs > GIVE_UP_MS) {
      ended();
      return;
    }
    for (const { pid, startedAtTicks } of members) {
      if (patienceOver) signal(pid, 'SIGKILL');
      else if (first || !seen.has(pid)) {
        signal(pid, 'SIGHUP');
        signal(pid, 'SIGCONT');
      }
      seen.set(pid, startedAtTicks);
    }
    clock.timer(LOOK_EVERY_MS, () => look(false));
  };
  look(true);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime, or belongs to root (sudo): the kernel hangs those up with the terminal.
  }
}

interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly sessionPid: number;
  /** With the pid it names one process for good: pids are used again. */
  readonly startedAtTicks: string;
}

/** Living processes of the session, the leader included; zombies are not. */
export function sessionMembers(session: PtySession): readonly number[] {
  return livingMembers(session, new Map(), true).map(({ pid }) => pid);
}

function livingMembers(
  session: PtySession,
  seen: ReadonlyMap<number, string>,
  byStreams: boolean,
): readonly ProcessRow[] {
  const { leaderPid } = session;
  const rows = processRows();
  if (rows === null) {
    const leader = { pid: leaderPid, parentPid: 0, sessionPid: leaderPid, startedAtTicks: '' };
    return isAlive(leaderPid) ? [leader] : [];
  }
  const terminal = byStreams ? session.terminal() : null;
  const device = terminal === null ? null : deviceOf(terminal);
  const members = new Map<number, ProcessRow>();
  for (const row of rows) {
    const known = seen.get(row.pid) === row.startedAtTicks;
    if (known || row.sessionPid === leaderPid || (device !== null && hasStandardStream(row.pid, device))) {
      members.set(row.pid, row);
    }
  }
  for (let before = -1; before < members.size;) {
    before = members.size;
    for (const row of rows) if (members.has(row.parentPid)) members.set(row.pid, row);
  }
  return [...members.values()];
}

/** Null where there is no /proc. */
function processRows(): readonly ProcessRow[] | null {
  let names: readonly string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return null;
  }
  const buffer = Buffer.alloc(1024);
  return names.flatMap((name) => (/^\d+$/.test(name) ? (readRow(name, buffer) ?? []) : []));
}

function readRow(pid: string, buffer: Buffer): ProcessRow | null {
  try {
    const text = readStart(`/proc/${pid}/stat`, buffer);
    // The command name in parentheses may itself hold spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = 'X', parentPid, , sessionPid] = fields;
    // The kernel's own threads have no session.
    if (state === 'Z' || state === 'X' || sessionPid === '0') return null;
    return {
      pid: Number(pid),
      parentPid: Number(parentPid),
      sessionPid: Number(sessionPid),
      startedAtTicks: fields[19] ?? '',
    };
  } catch {
    return null;
  }
}

/** Files of /proc tell no size, so that readFileSync takes several times as long. */
function readStart(path: string, buffer: Buffer): string {
  const file = openSync(path, 'r');
  try {
    return buffer.toString('latin1', 0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}

function deviceOf(path: string): string | null {
  try {
    // By device and not by name: a container has a /dev/pts/3 of its own.
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? null : `${stat.dev}:${stat.ino}`;
  } catch {
    return null;
  }
}

/** Only 0, 1 and 2: a tmux server also holds the terminals of its clients, as higher ones, and is meant to stay. */
function hasStandardStream(pid: number, device: string): boolean {
  return [0, 1, 2].some((descriptor) => deviceOf(`/proc/${pid}/fd/${descriptor}`) === device);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
