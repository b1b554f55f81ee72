// Which page the console opens in the system's browser for a sign-in: https on a host that is named exactly.

export interface BrowserPagePolicy {
  /** Origin of the Frontend API; its host is always allowed. */
  readonly frontendApi: string;
  /** Hosts (with a port, where it is not 443) of the companies' sign-in pages. */
  readonly signInHosts: readonly string[];
}

const LENGTH_MAX = 16_384;

/** The page to open; else the host that is not allowed, or null where there is none to name. */
export function browserPage(
  address: string,
  { frontendApi, signInHosts }: BrowserPagePolicy,
): { readonly ok: true; readonly url: string } | { readonly ok: false; readonly host: string | null } {
  if (address.length > LENGTH_MAX || !URL.canParse(address)) return { ok: false, host: null };
  const page = new URL(address);
  if (page.username !== '' || page.password !== '') return { ok: false, host: null };
  // The Frontend API's origin is plain http on loopback in development alone: the configuration sees to that.
  const allowed =
    page.origin === new URL(frontendApi).origin ||
    (page.protocol === 'https:' && signInHosts.includes(page.host));
  if (allowed) return { ok: true, url: page.href };
  return { ok: false, host: page.protocol === 'https:' ? page.host : null };
}
