import { readdirSync, readFileSync } from 'node:fs';
import type { Clock } from '../clock.ts';

const GRACE_MS = 1500;
const LOOK_EVERY_MS = 50;
/** What survives SIGKILL this long belongs to another user (sudo) or hangs in the kernel. */
const GIVE_UP_MS = 5000;

/**
 * Ends every process of a pty's session: SIGHUP (and SIGCONT, for the stopped), then SIGKILL for what is left after 1.5 s.
 * Jobs of a shell have process groups of their own, so the group of the shell alone would leave them.
 * What called setsid has left the session on purpose and stays.
 * @param leaderPid the shell, which node-pty starts as session leader
 * @param ended called once, when nothing of the session is left, or after 5 s with what could not be ended
 */
export function endProcessSession(leaderPid: number, clock: Clock, ended: () => void): void {
  const startedAt = clock.now();
  const look = (first: boolean): void => {
    const members = sessionMembers(leaderPid);
    const elapsedMs = clock.now() - startedAt;
    if (members.length === 0 || elapsedMs > GIVE_UP_MS) {
      ended();
      return;
    }
    const patienceOver = elapsedMs >= GRACE_MS;
    for (const pid of members) {
      if (patienceOver) signal(pid, 'SIGKILL');
      else if (first) {
        signal(pid, 'SIGHUP');
        signal(pid, 'SIGCONT');
      }
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

/** Living processes of the session, the leader included; zombies are not. */
export function sessionMembers(leaderPid: number): readonly number[] {
  let names: readonly string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return isAlive(leaderPid) ? [leaderPid] : [];
  }
  const members: number[] = [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(name);
    if (stat !== null && stat.session === leaderPid && stat.state !== 'Z' && stat.state !== 'X') {
      members.push(Number(name));
    }
  }
  return members;
}

function readStat(pid: string): { readonly state: string; readonly session: number } | null {
  try {
    // The command name in parentheses may itself hold spaces and parentheses.
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? 'X', session: Number(fields[3]) };
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
