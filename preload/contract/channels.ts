// Names that preload, main and the pages agree on, free of schemas so that preload's bundle stays small.

/** One IPC channel each way; the name travels inside and is checked against the maps of ipc.ts. */
export const CALL_CHANNEL = 'caisey:call';
export const EVENT_CHANNEL = 'caisey:event';
/** To preload alone: the page rests, and is to give back memory. */
export const REST_CHANNEL = 'caisey:rest';
/** All that a page at rest does not need, or only pixels that it shows no more. */
export type Rest = 'page' | 'pixels';

/**
 * Dispatched by preload on the element that a paste was aimed at (cancelable, bubbling), in workspace pages.
 * No page sees the clipboard in a paste event: whoever handles this one calls preventDefault() and asks
 * `clipboard.paste`. Unhandled, preload asks and inserts into an ordinary text field itself.
 */
export const PASTE_REQUEST_EVENT = 'caisey-paste-request';

/** `<meta property="csp-nonce" content="N" nonce="N">`, put into every page by main: N is good for styles. */
export const STYLE_NONCE_META = 'csp-nonce';

/** Where a sign-in in the browser comes back to. Exactly this is on Clerk's list of allowed redirects. */
export const SIGN_IN_CALLBACK = 'caisey://sso-callback';
/** clerk-js speaks to this path; main forwards it to Clerk's Frontend API, pinned to the window's organization. */
export const IDENTITY_PATH = '/__fapi';

/** What `call` rejects with: a plain object, since an Error loses its fields on the way through the bridge. */
export interface CallFailure {
  readonly code: string;
  readonly text: string;
}

/** What main answers on CALL_CHANNEL. */
export type CallReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: CallFailure };
