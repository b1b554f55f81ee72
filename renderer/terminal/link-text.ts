const HOST_SHOWN_MAX = 60;

/** Where a link of a program would lead, whatever its own text says. Of a long host its end, which tells whose it is. */
export function linkText(address: string): string {
  const host = URL.canParse(address) ? new URL(address).host : '';
  const shown = host.length > HOST_SHOWN_MAX ? `…${host.slice(-HOST_SHOWN_MAX)}` : host;
  const to = shown === '' ? 'no host' : shown;
  return `This link leads to ${to}. The console opens no links.`;
}
