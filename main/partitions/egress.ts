// Where a partition's pages may send anything: the application itself and, in a workspace, the relay.
import { APP_ORIGIN } from '#contract/ipc.ts';
import type { RelayOrigins } from './relay-origins.ts';

/** @param relay null: this partition has no network at all */
export function mayRequest(url: string, relay: RelayOrigins | null): boolean {
  const origin = originOf(url);
  if (origin === APP_ORIGIN) return true;
  return relay !== null && (origin === relay.socket || origin === relay.web);
}

/** Whether the workspace's token belongs on this request: the relay's socket upgrade, nothing else. */
export function carriesToken(url: string, relay: RelayOrigins | null): boolean {
  return relay !== null && originOf(url) === relay.socket;
}

function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const parsed = new URL(url);
  if (parsed.username !== '' || parsed.password !== '') return null;
  // `origin` is "null" for schemes that are not web schemes, app: among them.
  return `${parsed.protocol}//${parsed.host}`;
}
