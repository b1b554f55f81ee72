import { readFileSync } from 'node:fs';

const EVERY_MS = 50;

/** Resident memory of a process from here on, at its highest, in MB more than now. */
export function watchMemory(pid: number): { growthMB: () => number; stop: () => void } {
  const startMB = residentMB(pid);
  let mostMB = startMB;
  const timer = setInterval(() => {
    mostMB = Math.max(mostMB, residentMB(pid));
  }, EVERY_MS);
  return { growthMB: () => mostMB - startMB, stop: () => clearInterval(timer) };
}

function residentMB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
