const HOST_SHOWN_MAX = 60;
const SCHEME_SHOWN_MAX = 20;

/** Where a link of a program would lead, whatever its own text says. */
export function linkText(address: string): string {
  return `This link leads to ${hostText(address)}. The console opens no links.`;
}

/** Whom an address belongs to. Of a long host its end, which tells whose it is. */
export function hostText(address: string): string {
  if (!URL.canParse(address)) return 'no host';
  const { host, protocol } = new URL(address);
  if (host === '') return `no host (${protocol.slice(0, SCHEME_SHOWN_MAX)})`;
  return host.length > HOST_SHOWN_MAX ? `…${host.slice(-HOST_SHOWN_MAX)}` : host;
}

/**
 * What is copied of an address, or null: it is none. xterm lets a program put DEL, marks that turn the order of text
 * and spaces that are not seen into one; as the URL standard writes it, it is of printable ASCII in one line, and what
 * is copied is what the host was read from.
 */
export function copiedAddress(address: string): string | null {
  return URL.canParse(address) ? new URL(address).href : null;
}
