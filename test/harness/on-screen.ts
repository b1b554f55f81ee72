import { endWith } from '../../build/command-line.ts';
import type { Log } from '../../build/command-line.ts';
import { withDisplay } from '../../build/display.ts';
import { ordinaryUser } from '../../build/ordinary-user.ts';
import { prepareConsole } from '../../build/prepare-console.ts';
import { runAsOrdinaryUser } from '../../build/staging.ts';

export interface OnScreenOptions {
  /** Of the command that runs, below the checkout: it is run anew where root started it. */
  readonly module: string;
  readonly args: readonly string[];
  /** Folders below the checkout that it fills. */
  readonly bring?: readonly string[];
  readonly log: Log;
}

/**
 * Does what draws: on a display of its own where there is none, and in a process of an ordinary user where this is
 * root's, since Chromium's sandbox is for those alone. What the machine lacks ends this process with a message.
 * @param here its exit code
 * @returns the exit code of whichever of them did it
 */
export async function onScreen(
  { module, args, bring = [], log }: OnScreenOptions,
  here: () => Promise<number>,
): Promise<number> {
  const prepared = await prepareConsole({ log });
  if (!prepared.ok) return endWith(prepared);
  const user = await ordinaryUser(process.env);
  if (user?.ok === false) return endWith(user);
  const display = await withDisplay({ env: process.env, ...(user === undefined ? {} : { user }), log });
  if (!display.ok) return endWith(display);
  try {
    const env = { ...process.env, ...display.env };
    const code = await runAsOrdinaryUser({ module, args, env, bring, log });
    if (code !== undefined) return typeof code === 'number' ? code : endWith(code);
    Object.assign(process.env, display.env);
    return await here();
  } finally {
    await display.dispose();
  }
}
