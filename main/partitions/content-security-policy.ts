import type { RelayOrigins } from './relay-origins.ts';

/**
 * The policy of one page. xterm fills style elements, which `'self'` alone forbids: a nonce of this one
 * response lets those through and nothing inline that a remote party wrote.
 * @param nonce base64, new for every response
 */
export function contentSecurityPolicy(nonce: string, relay: RelayOrigins | null): string {
  const connect = relay === null ? "'self'" : `'self' ${relay.socket} ${relay.web}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
