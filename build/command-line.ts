// What the commands under build/ share at their edges: reading options strictly, and ending with an honest message.
// Exit codes: 0 fine, 1 the work failed, 2 wrong usage, 3 this machine lacks something.
// Nothing here knows what a command does.

import { parseArgs, type ParseArgsConfig } from 'node:util';

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
export const EXIT_MACHINE = 3;
/** As shells count a SIGINT. */
export const EXIT_INTERRUPTED = 130;

/** An expected failure: a stable code, what happened, and the next step for the person. */
export interface Failure {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

/** Where progress goes: one line at a time, without the line break. */
export type Log = (line: string) => void;

export const logToStderr: Log = (line) => {
  process.stderr.write(`${line}\n`);
};

/**
 * Reads a command's options strictly. An unknown or malformed option, `--help` included, ends the process: with
 * the usage text and code 0 for help, with the reason as well and code 2 for anything wrong.
 */
export function readOptions<const T extends NonNullable<ParseArgsConfig['options']>>(
  usage: string,
  options: T,
  args: readonly string[] = process.argv.slice(2),
) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(`${usage}\n`);
    process.exit(0);
  }
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    return wrongUsage(error instanceof Error ? error.message : String(error), usage);
  }
}

export function wrongUsage(reason: string, usage: string): never {
  process.stderr.write(`${reason}\n\n${usage}\n`);
  process.exit(EXIT_USAGE);
}

/** Prints a failure with its next step and ends the process. */
export function endWith(failure: Failure, exitCode = EXIT_FAILED): never {
  process.stderr.write(`${failure.code}: ${failure.message}\n${failure.next}\n`);
  process.exit(exitCode);
}
