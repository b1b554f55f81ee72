import { homedir, userInfo } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What the agent runs with. This file alone reads the process's environment. */
export interface AgentConfig {
  /** http(s) origin of the relay, no trailing slash. */
  readonly relayUrl: string;
  readonly stateDir: string;
  readonly enrollCode: string | null;
  /** Forget the machine that this host was, before anything else. */
  readonly wipe: boolean;
  readonly shell: string;
  readonly home: string;
  /** Null: the machine's own. */
  readonly hostname: string | null;
  readonly user: string;
  /** The environment a shell starts with, as a login would set it up. */
  readonly shellEnvironment: Readonly<Record<string, string>>;
}

const ENROLL_CODE = 'CAISEY_ENROLL_CODE';

export const USAGE = `Usage: agent --relay URL --state DIR [--wipe] [--shell PATH] [--home DIR] [--hostname NAME]

  --relay URL      the relay's origin, e.g. https://relay.example.com
  --state DIR      where the machine's key and credential are kept
  --wipe           remove this host's key and credential first: alone to retire it,
                   with a code to come back as a new machine with a new key
  --shell PATH     login shell (default: the user's own)
  --home DIR       home folder of the shells (default: the user's own)
  --hostname NAME  report this host name instead of the machine's own
  --help           show this

In the environment, where \`ps\` shows it to nobody else:

  ${ENROLL_CODE}   the one-time code from the console, for the first run`;

export type ParsedConfig =
  | { readonly ok: true; readonly config: AgentConfig }
  | { readonly ok: false; readonly help: boolean; readonly text: string };

const KEPT_VARIABLES = /^(?:PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

export function readConfig(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ParsedConfig {
  const refuse = (text: string): ParsedConfig => ({ ok: false, help: false, text });
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      strict: true,
      options: {
        relay: { type: 'string' },
        state: { type: 'string' },
        wipe: { type: 'boolean' },
        shell: { type: 'string' },
        home: { type: 'string' },
        hostname: { type: 'string' },
        help: { type: 'boolean' },
      },
    }));
  } catch (error) {
    return refuse(error instanceof Error ? error.message : 'The options could not be read.');
  }
  if (values.help === true) return { ok: false, help: true, text: USAGE };
  if (values.relay === undefined) return refuse('--relay is missing: the URL of the relay.');
  if (values.state === undefined) return refuse('--state is missing: a folder for the machine key.');
  const relayUrl = relayOrigin(values.relay);
  if (!relayUrl.ok) return refuse(relayUrl.text);

  const who = userInfo();
  const shell = values.shell ?? who.shell ?? '/bin/sh';
  if (!isAbsolute(shell)) return refuse(`--shell must be an absolute path: ${shell}`);
  const home = resolve(values.home ?? homedir());
  return {
    ok: true,
    config: {
      relayUrl: relayUrl.origin,
      stateDir: resolve(values.state),
      enrollCode: environment[ENROLL_CODE] ?? null,
      wipe: values.wipe ?? false,
      shell,
      home,
      hostname: values.hostname ?? null,
      user: who.username,
      shellEnvironment: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        LANG: 'C.UTF-8',
        ...keptOf(environment),
        HOME: home,
        USER: who.username,
        LOGNAME: who.username,
        SHELL: shell,
        TERM: 'xterm-256color',
        COLORTERM: 'truecolor',
      },
    },
  };
}

// Everything else of the agent's own environment stays with the agent.
function keptOf(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && KEPT_VARIABLES.test(name)) kept[name] = value;
  }
  return kept;
}

function relayOrigin(
  text: string,
): { readonly ok: true; readonly origin: string } | { readonly ok: false; readonly text: string } {
  if (!URL.canParse(text)) return { ok: false, text: `--relay is not a URL: ${text}` };
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { ok: false, text: `--relay must start with https:// or http://: ${text}` };
  }
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) {
    return { ok: false, text: '--relay must be https:// unless the relay is on this machine.' };
  }
  if (url.username !== '' || url.search !== '' || url.hash !== '' || url.pathname !== '/') {
    return { ok: false, text: '--relay must be an origin only, such as https://relay.example.com' };
  }
  return { ok: true, origin: url.origin };
}
