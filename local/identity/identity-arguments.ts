import { parseArgs } from 'node:util';
import type { IdentityOptions } from './start-identity.ts';

export const identityUsage = `Usage: node local/identity/identity.ts --port N --state DIR [--host 127.0.0.1|::1] [--seed FILE]
       [--token-seconds N] [--webhook-url URL --webhook-secret whsec_...] [--verbose]`;

export type IdentityArguments =
  | { ok: true; options: IdentityOptions; verbose: boolean }
  | { ok: false; reason: string };

/** Reads the command line; a refusal says which option and why. */
export function readIdentityArguments(args: string[]): IdentityArguments {
  const options = {
    port: { type: 'string' },
    state: { type: 'string' },
    host: { type: 'string' },
    seed: { type: 'string' },
    'token-seconds': { type: 'string' },
    'webhook-url': { type: 'string' },
    'webhook-secret': { type: 'string' },
    verbose: { type: 'boolean', default: false },
  } as const;
  let values;
  try {
    values = parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (cause) {
    return { ok: false, reason: cause instanceof Error ? cause.message : String(cause) };
  }
  const port = wholeNumber(values.port, 65_535);
  if (port === null) return { ok: false, reason: '--port must be a number from 0 to 65535.' };
  if (values.state === undefined) return { ok: false, reason: '--state must name a folder.' };
  const tokenSeconds = wholeNumber(values['token-seconds'] ?? '60', 3600);
  if (tokenSeconds === null || tokenSeconds === 0) {
    return { ok: false, reason: '--token-seconds must be a number from 1 to 3600.' };
  }
  const url = values['webhook-url'];
  const secret = values['webhook-secret'];
  if ((url === undefined) !== (secret === undefined)) {
    return { ok: false, reason: '--webhook-url and --webhook-secret go together.' };
  }
  if (url !== undefined && !URL.canParse(url)) return { ok: false, reason: '--webhook-url is not a URL.' };
  return {
    ok: true,
    verbose: values.verbose,
    options: {
      port,
      stateDir: values.state,
      tokenLifetimeSeconds: tokenSeconds,
      ...(values.host === undefined ? {} : { host: values.host }),
      ...(values.seed === undefined ? {} : { seedFile: values.seed }),
      ...(url === undefined || secret === undefined ? {} : { webhook: { url, secret } }),
    },
  };
}

function wholeNumber(text: string | undefined, max: number): number | null {
  return text !== undefined && /^\d{1,5}$/.test(text) && Number(text) <= max ? Number(text) : null;
}
