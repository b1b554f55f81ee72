// The files behind app://console: one page a surface, and the bundles beside it.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { APP_ORIGIN, PAGES, STYLE_NONCE_META, type Surface } from '#contract/ipc.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import type { RelayOrigins } from './relay-origins.ts';

export interface AppFiles {
  /** Folder of the built pages. */
  readonly root: string;
  readonly surface: Surface;
  readonly relay: RelayOrigins | null;
  /** A fresh base64 nonce. */
  readonly nonce: () => string;
  /** A bundle that its page asks for is not here: the console was changed while it ran. */
  readonly missing: (path: string) => void;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
};
// No leading dots, so no dot segments and no hidden files; nothing encoded.
const PATH = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

/** The page that a surface shows; IPC is taken from this exact address alone. */
export function pageUrl(surface: Surface): string {
  return `${APP_ORIGIN}/${PAGES[surface]}`;
}

/** Answers a request for a built file. Anything unknown, and every other surface's page, is 404. */
export async function serveAppFile(url: URL, method: string, files: AppFiles): Promise<Response> {
  const type = TYPES[extname(url.pathname)];
  const isPage = type?.startsWith('text/html') === true;
  if (method !== 'GET' || type === undefined || !PATH.test(url.pathname)) return notFound();
  if (isPage && url.pathname !== `/${PAGES[files.surface]}`) return notFound();
  let content: Buffer;
  try {
    content = await readFile(join(files.root, url.pathname));
  } catch {
    files.missing(url.pathname);
    return notFound();
  }
  const headers = { 'content-type': type, 'x-content-type-options': 'nosniff' };
  if (!isPage) return new Response(new Uint8Array(content), { headers });
  const nonce = files.nonce();
  return new Response(withNonce(content.toString('utf8'), nonce), {
    headers: {
      ...headers,
      'content-security-policy': contentSecurityPolicy(nonce, files.relay),
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    },
  });
}

function withNonce(html: string, nonce: string): string {
  const meta = `<meta property="${STYLE_NONCE_META}" content="${nonce}" nonce="${nonce}">`;
  return html.replace(/<head[^>]*>/, (head) => `${head}${meta}`);
}

function notFound(): Response {
  return new Response('not found', { status: 404, headers: { 'content-type': 'text/plain' } });
}
