// Runs a long program with its output held back: one line of progress, and the last lines only for a failure.
// Plain JavaScript, because run.mjs needs it on Node 20 before anything is installed; types are in quiet-run.d.mts.
// It can watch folders grow, so that a download shows its size and one that hangs is ended.

import { spawn } from 'node:child_process';
import { lstat, readdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';

const MEGABYTE = 1_000_000;

/** Bytes in all files under a folder; what vanishes meanwhile counts as nothing. */
async function folderBytes(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      lstat(join(entry.parentPath ?? entry.path, entry.name)).then(
        (stat) => stat.size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Progress that overwrites its own line on a terminal and is a line now and then in a log. */
function progressLine(label, startedMs) {
  const terminal = process.stderr.isTTY === true;
  const quietMs = terminal ? 0 : 5000;
  let lastMs = startedMs;
  process.stderr.write(terminal ? `${label} …` : `${label} …\n`);
  return {
    tell(detail) {
      const nowMs = Date.now();
      if (nowMs - lastMs < quietMs) return;
      lastMs = nowMs;
      const seconds = Math.round((nowMs - startedMs) / 1000);
      const text = `${label} … ${detail}${seconds} s`;
      process.stderr.write(terminal ? `\r\u001b[K${text}` : `${text}\n`);
    },
    end(outcome) {
      const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
      const text = `${label} … ${outcome} after ${seconds} s\n`;
      process.stderr.write(terminal ? `\r\u001b[K${text}` : text);
    },
  };
}

/** The cause tends to stand first, the outcome last. */
function shortened(lines) {
  return (lines.length <= 30 ? lines : [...lines.slice(0, 10), '…', ...lines.slice(-20)]).join('\n');
}

export async function runQuietly({
  label,
  command,
  args = [],
  cwd,
  env,
  watch = [],
  expectedBytes,
  stallMs,
}) {
  const startedMs = Date.now();
  const progress = progressLine(label, startedMs);
  const child = spawn(command, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-64_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);

  let interrupted;
  const interrupt = (signal) => {
    interrupted = signal;
    child.kill(signal);
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);

  let bytes = 0;
  let grownAtMs = startedMs;
  let stalled = false;
  const beat = setInterval(async () => {
    const size = (await Promise.all(watch.map(folderBytes))).reduce((sum, one) => sum + one, 0);
    if (size !== bytes) grownAtMs = Date.now();
    bytes = size;
    const total = expectedBytes ? ` of ${Math.round(expectedBytes / MEGABYTE)}` : '';
    progress.tell(watch.length > 0 ? `${Math.round(bytes / MEGABYTE)}${total} MB, ` : '');
    if (stallMs !== undefined && Date.now() - grownAtMs > stallMs) {
      stalled = true;
      child.kill('SIGKILL');
    }
  }, 1000);

  const code = await new Promise((resolve) => {
    child.on('error', (error) => {
      keep(`${error.message}\n`);
      resolve(127);
    });
    child.on('close', (exitCode, signal) => resolve(signal ? 128 + constants.signals[signal] : exitCode));
  });
  clearInterval(beat);
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  progress.end(code === 0 ? 'done' : interrupted ? 'interrupted' : stalled ? 'no progress, ended' : 'failed');
  if (interrupted) process.exit(128 + constants.signals[interrupted]);
  return { code, stalled, tail: shortened(output.trimEnd().split('\n')) };
}
