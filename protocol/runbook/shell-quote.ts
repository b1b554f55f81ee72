// A value as one word of a shell: whatever it holds, the shell reads it back as these very characters. What holds a
// control character or a line break is refused before (runbook-parameter.ts): quotes do not stop a terminal from
// acting on it.
import { z } from 'zod';

/** How quotes work in it. */
export const ShellKind = z.enum(['posix', 'fish', 'powershell']);
export type ShellKind = z.infer<typeof ShellKind>;

const KINDS: Readonly<Record<string, ShellKind>> = {
  bash: 'posix',
  zsh: 'posix',
  sh: 'posix',
  dash: 'posix',
  ash: 'posix',
  ksh: 'posix',
  fish: 'fish',
  pwsh: 'powershell',
  powershell: 'powershell',
};

/** @param shell the file that runs, as the agent reports it; null: how it quotes is not known */
export function shellKind(shell: string): ShellKind | null {
  const name = (shell.split(/[/\\]/).at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  return Object.hasOwn(KINDS, name) ? (KINDS[name] ?? null) : null;
}

export function quoteFor(shell: ShellKind, value: string): string {
  switch (shell) {
    case 'posix':
      // Nothing has a meaning between single quotes, so they are left for each quote of the value.
      return `'${value.replaceAll("'", String.raw`'\''`)}'`;
    case 'fish':
      // Between fish's single quotes a backslash escapes a quote and itself.
      return `'${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
    case 'powershell':
      // PowerShell takes typographic single quotes for the plain one; each is doubled.
      return `'${value.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`;
  }
}
