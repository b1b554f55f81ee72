import { spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import type { Clock } from '../clock.ts';

/** A look that takes longer is not waited for: input must flow. */
const PATIENCE_MS = 250;

/**
 * Does this terminal read lines without echo now, as for a password? That is ECHO off and ICANON on: line editors
 * clear both at their prompts. Node cannot ask a terminal, so `stty` does.
 * @param terminal its path; null: closed
 * @returns false too where that cannot be told; never rejects
 */
export function asksForSecret(terminal: string | null, clock: Clock): Promise<boolean> {
  if (terminal === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    let descriptor: number;
    try {
      // Must not become the agent's own terminal.
      descriptor = openSync(terminal, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
    } catch {
      resolve(false);
      return;
    }
    const stty = spawn('stty', ['-a'], {
      stdio: [descriptor, 'pipe', 'ignore'],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    });
    closeSync(descriptor);
    const cancel = clock.timer(PATIENCE_MS, () => {
      stty.kill('SIGKILL');
      resolve(false);
    });
    const settle = (answer: boolean): void => {
      cancel();
      resolve(answer);
    };
    let settings = '';
    stty.stdout?.on('data', (chunk: Buffer) => (settings += chunk.toString('latin1')));
    stty.once('error', () => settle(false));
    stty.once('close', () => settle(isSecretMode(settings)));
  });
}

/** @param settings what `stty -a` prints */
export function isSecretMode(settings: string): boolean {
  const flags = new Set(settings.split(/[\s;]+/));
  return flags.has('-echo') && flags.has('icanon');
}
