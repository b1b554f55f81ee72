/** The relay's two origins: pages may talk to both, the token rides on the socket one alone. */
export interface RelayOrigins {
  /** ws: or wss: */
  readonly socket: string;
  /** http: or https: */
  readonly web: string;
}

/** @param relayUrl http(s) or ws(s); whatever follows the host is ignored */
export function relayOrigins(relayUrl: string): RelayOrigins {
  const { protocol, host } = new URL(relayUrl);
  const secure = protocol === 'https:' || protocol === 'wss:';
  return { socket: `${secure ? 'wss' : 'ws'}://${host}`, web: `${secure ? 'https' : 'http'}://${host}` };
}
