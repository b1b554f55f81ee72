// oxlint-disable no-underscore-dangle -- clerk-js names its hooks for native applications so
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Clerk } from '@clerk/clerk-js/no-rhc';

export type LoadedClerk = {
  clerk: Clerk;
  /** As the server renewed it last. */
  clientToken: () => string;
};

/**
 * A clerk-js of its own (the module keeps its client in statics), in native mode as the console runs it.
 * For tests in Node, with a `window` and a `document` in place.
 */
export async function loadUnmodifiedClerk(publishableKey: string, clientToken: string): Promise<LoadedClerk> {
  const file = pathToFileURL(createRequire(import.meta.url).resolve('@clerk/clerk-js/no-rhc'));
  file.pathname = file.pathname.replace(/\.js$/, '.mjs');
  const module: { Clerk: typeof Clerk } = await import(`${file.href}?clerk=${crypto.randomUUID()}`);
  const clerk = new module.Clerk(publishableKey);
  let token = clientToken;
  clerk.__internal_onBeforeRequest((request) => {
    request.credentials = 'omit';
    if (request.url) {
      request.url.protocol = 'http:';
      request.url.searchParams.set('_is_native', '1');
    }
    const headers = new Headers(request.headers);
    if (token !== '') headers.set('authorization', `Bearer ${token}`);
    request.headers = headers;
  });
  clerk.__internal_onAfterResponse((_request, response) => {
    token = response?.headers.get('authorization') ?? token;
  });
  await clerk.load({ standardBrowser: false, telemetry: false });
  return { clerk, clientToken: () => token };
}
