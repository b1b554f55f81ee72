export interface QuietRun {
  /** What is being done, for the line of progress: "Installing packages". */
  readonly label: string;
  readonly command: string;
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Folders that grow while the program makes progress; absent ones count as empty. */
  readonly watch?: readonly string[];
  readonly expectedBytes?: number;
  /** Ends the program when no watched folder has grown for so long. */
  readonly stallMs?: number;
}

export interface QuietEnd {
  /** The exit code; 127 when the program could not be started, 128 + n when a signal ended it. */
  readonly code: number;
  readonly stalled: boolean;
  /** The first and last lines of both streams, 31 at the most. */
  readonly tail: string;
}

/**
 * Runs a program with its output held back. SIGINT and SIGTERM are passed on and then end this process too.
 */
export function runQuietly(run: QuietRun): Promise<QuietEnd>;
