// Electron sessions, set up once each: what a page can load, where it can send anything, and that it gets no
// permission. The only user of `webRequest` (only its last listener counts) and of the app:// handler.
import { randomBytes } from 'node:crypto';
import { session, type Session } from 'electron';
import { IDENTITY_PATH } from '#contract/channels.ts';
import { APP_ORIGIN, type Surface } from '#contract/ipc.ts';
import type { Log } from '../log.ts';
import { serveAppFile } from './app-files.ts';
import { carriesToken, mayRequest } from './egress.ts';
import type { RelayOrigins } from './relay-origins.ts';

export interface PartitionOptions {
  readonly name: string;
  readonly surface: Surface;
  readonly rendererRoot: string;
  readonly log: Log;
  /** Answers everything under IDENTITY_PATH; null where nobody signs in. */
  readonly identity: ((request: Request) => Promise<Response>) | null;
  /** Null where the pages have no organization: no network at all. */
  readonly relay: {
    readonly origins: RelayOrigins;
    /** The newest usable token, or null. */
    readonly token: () => string | null;
  } | null;
}

const POLICY = 'content-security-policy';

/** Call once for each name. */
export function setUpPartition(options: PartitionOptions): Session {
  const { identity, log } = options;
  const relay = options.relay?.origins ?? null;
  const partition = session.fromPartition(options.name);

  partition.setPermissionRequestHandler((_contents, permission, answer) => {
    log('permission.denied', { permission, surface: options.surface });
    answer(false);
  });
  partition.setPermissionCheckHandler(() => false);
  partition.setDevicePermissionHandler(() => false);
  partition.setSpellCheckerEnabled(false);
  partition.on('will-download', (event) => event.preventDefault());

  partition.webRequest.onBeforeRequest((details, answer) => {
    const allowed = mayRequest(details.url, relay) || isInlineImage(details);
    if (!allowed)
      log('egress.denied', {
        surface: options.surface,
        type: details.resourceType,
        url: shortened(details.url),
      });
    answer({ cancel: !allowed });
  });
  partition.webRequest.onBeforeSendHeaders((details, answer) => {
    const token = carriesToken(details.url, relay) ? (options.relay?.token() ?? null) : null;
    answer({
      requestHeaders:
        token === null
          ? details.requestHeaders
          : { ...details.requestHeaders, Authorization: `Bearer ${token}` },
    });
  });

  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    if (`${url.protocol}//${url.host}` !== APP_ORIGIN) return new Response(null, { status: 404 });
    if (identity !== null && url.pathname.startsWith(`${IDENTITY_PATH}/`)) return identity(request);
    return serveAppFile(url, request.method, {
      root: options.rendererRoot,
      surface: options.surface,
      relay,
      nonce: () => randomBytes(16).toString('base64'),
      missing: (path) => log('file.missing', { surface: options.surface, path: shortened(path) }),
    });
  };
  partition.protocol.handle('app', async (request) => {
    const response = await answer(request);
    // What is no page of ours may do nothing, should it ever be shown as one.
    if (!response.headers.has(POLICY))
      response.headers.set(POLICY, "default-src 'none'; frame-ancestors 'none'");
    return response;
  });
  return partition;
}

function isInlineImage({ url, resourceType }: { url: string; resourceType: string }): boolean {
  return resourceType === 'image' && url.startsWith('data:image/');
}

function shortened(url: string): string {
  // Without query: it may hold what a page tried to send out.
  return url.slice(0, 200).replace(/[?#].*$/, '');
}
