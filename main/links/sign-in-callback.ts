// The address with which the browser sends a person back after a sign-in there. It proves nothing by itself:
// what the nonce is worth is the identity server's to say, and only to the window that began.
import { SIGN_IN_CALLBACK } from '#contract/channels.ts';

export interface SignInCallback {
  /** Null where the sign-in failed, or the address was made up. */
  readonly nonce: string | null;
}

const LENGTH_MAX = 2048;
const NONCE = /^[\w.~-]{1,512}$/;

/** Parse `caisey://sso-callback[/][?rotating_token_nonce=…&…]`; null for anything else. */
export function parseSignInCallback(text: string): SignInCallback | null {
  if (text.length > LENGTH_MAX || !text.startsWith(SIGN_IN_CALLBACK)) return null;
  // Anchored and literal, as in protocol/link.ts. Some systems put a slash before the question mark, and some
  // identity providers leave a fragment behind.
  const query = /^\/?(?:\?(?<query>[^#\s]*))?(?:#\S*)?$/.exec(text.slice(SIGN_IN_CALLBACK.length));
  if (query === null) return null;
  const nonces = new URLSearchParams(query.groups?.['query'] ?? '').getAll('rotating_token_nonce');
  const [nonce] = nonces;
  if (nonce === undefined) return { nonce: null };
  return nonces.length === 1 && NONCE.test(nonce) ? { nonce } : null;
}
