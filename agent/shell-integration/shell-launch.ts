import type { PtyLaunch } from '../pty/pty-process.ts';

export interface ShellSetting {
  readonly shell: string;
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
}

export interface PreparedShell {
  readonly launch: PtyLaunch;
  /** Null for a shell that we have no hooks for: it runs, its commands are not told. */
  readonly markNonce: string | null;
  /** Removes what the start needed. May be called more than once. */
  cleanUp(): void;
}

export function prepareShell({ shell, home, environment }: ShellSetting): PreparedShell {
  return {
    launch: { file: shell, args: ['-l'], cwd: home, env: environment },
    markNonce: null,
    cleanUp: () => {},
  };
}
