// What this installation is for: which identity server, which relay, which workspaces from the start.
// The only reader of process.argv and process.env in main.
import { fstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { OrgId } from '#protocol/ids.ts';
import { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import { editDistance } from './edit-distance.ts';
import { isMissing } from './settings/json-file.ts';

const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?$/;
const ConfigFile = z.strictObject({
  publishableKey: z.string(),
  relayUrl: z.url({ protocol: /^(?:https?|wss?)$/ }),
  /** Where technicians sign in with their own company's account; besides the Frontend API's own host. */
  signInHosts: z
    .array(z.string().regex(HOST, 'must be a host, such as login.example.com'))
    .max(20)
    .default([]),
  workspaces: z.array(z.strictObject({ orgId: OrgId, frame: WorkspaceFrame })).default([]),
});

export interface Config extends z.infer<typeof ConfigFile> {
  /** Origin of Clerk's Frontend API. */
  readonly frontendApi: string;
}

export interface ConfigProblem {
  readonly code: 'option_unknown' | 'config_missing' | 'config_malformed' | 'config_insecure';
  /** Says what is wrong and what to do, for a person in a terminal. */
  readonly text: string;
}

type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: ConfigProblem };

const OPTION = '--config';
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Arguments after the program; Electron's and Chromium's own are among them. */
export function commandLine(): string[] {
  return process.argv.slice(1);
}

/** The configuration's path: `--config=FILE`, or console.json among the user's data. */
export function configPath(argv: readonly string[], userData: string): Answer<string> {
  const given: string[] = [];
  for (const argument of argv) {
    if (argument.startsWith(`${OPTION}=`)) given.push(argument.slice(OPTION.length + 1));
    else if (isMisspelt(argument))
      return problem('option_unknown', `Unknown option ${argument}. Use --config=FILE.`);
  }
  const [path, ...more] = given;
  if (more.length > 0) return problem('option_unknown', 'Give --config once.');
  if (path === '') return problem('option_unknown', 'No file is given after --config=.');
  return { ok: true, value: path ?? join(userData, 'console.json') };
}

/** @param development allows http on loopback; fixed when the console is built */
export function readConfig(path: string, development: boolean): Answer<Config> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const why = isMissing(error) ? 'There is no configuration' : 'The configuration cannot be read';
    return problem(
      'config_missing',
      `${why} at ${path}. Ask your administrator for it, or give --config=FILE.`,
    );
  }
  return parseConfig(text, path, development);
}

export function parseConfig(text: string, path: string, development: boolean): Answer<Config> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no JSON';
    return problem('config_malformed', `${path} is no JSON: ${why}`);
  }
  const parsed = ConfigFile.safeParse(value);
  if (!parsed.success) return problem('config_malformed', `${path}:\n${z.prettifyError(parsed.error)}`);
  const host = frontendApiHost(parsed.data.publishableKey);
  if (host === null)
    return problem(
      'config_malformed',
      `${path}: publishableKey is no Clerk publishable key (pk_test_… or pk_live_…).`,
    );
  const plainHost = isLoopback(host);
  const relay = new URL(parsed.data.relayUrl);
  const insecureRelay = relay.protocol === 'http:' || relay.protocol === 'ws:';
  if (plainHost && !development)
    return problem(
      'config_insecure',
      `${path}: this build signs in over https alone, and ${host} is loopback.`,
    );
  if (insecureRelay && !(development && isLoopback(relay.host)))
    return problem('config_insecure', `${path}: relayUrl must be https or wss.`);
  return { ok: true, value: { ...parsed.data, frontendApi: `${plainHost ? 'http' : 'https'}://${host}` } };
}

/** The host inside a publishable key: base64 of `<host>$` after the prefix. Null when it is none. */
export function frontendApiHost(publishableKey: string): string | null {
  const encoded = /^pk_(?:test|live)_([A-Za-z0-9+/_-]{8,400}={0,2})$/.exec(publishableKey)?.[1];
  if (encoded === undefined) return null;
  const host = Buffer.from(encoded, 'base64').toString('utf8');
  return /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?\$$/.test(host)
    ? host.slice(0, -1)
    : null;
}

/**
 * GTK is told not to look for OpenGL, which it would never use for the console: the search alone loads Mesa's software
 * renderer with all of LLVM where there is no GPU, 33 MB. Chromium's own use of the GPU is not touched.
 * To be called before Electron is ready.
 */
export function keepGtkFromOpenGl(): void {
  if (process.platform === 'linux') process.env['GDK_GL'] ??= 'disable';
}

/** Nobody reads stderr: started from a desktop. A box is then the only way to say why nothing opens. */
export function startedFromDesktop(): boolean {
  if (process.platform !== 'linux') return !process.stderr.isTTY;
  const journal = process.env['JOURNAL_STREAM'];
  const { dev, ino } = fstatSync(2);
  return journal === `${dev}:${ino}`;
}

function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.replace(/:\d+$/, ''));
}

/**
 * Chromium has hundreds of options and ignores unknown ones, so the console cannot refuse all it does not know:
 * only what was surely meant to be ours.
 */
function isMisspelt(argument: string): boolean {
  const name = argument.split('=', 1)[0] ?? '';
  return name.startsWith('-') && editDistance(name.toLowerCase(), OPTION) <= 2;
}

function problem(
  code: ConfigProblem['code'],
  text: string,
): { readonly ok: false; readonly problem: ConfigProblem } {
  return { ok: false, problem: { code, text } };
}
