import type { ClerkIdentityOptions } from './clerk-identity.ts';
import type { Identity } from './identity.ts';

/**
 * The identity service, read in when it is first asked for something: clerk-js is the largest part of a page, and
 * whose window this is stands on the screen before it.
 */
export function createLateIdentity(options: ClerkIdentityOptions): Identity {
  let loading: Promise<Identity> | null = null;
  const loaded = (): Promise<Identity> =>
    (loading ??= import('./clerk-identity.ts').then(({ createClerkIdentity }) =>
      createClerkIdentity(options),
    ));
  return {
    prepare: async () => (await loaded()).prepare(),
    identify: async (email) => (await loaded()).identify(email),
    submitPassword: async (password) => (await loaded()).submitPassword(password),
    sendCode: async (factor, stage) => (await loaded()).sendCode(factor, stage),
    submitCode: async (factor, stage, code) => (await loaded()).submitCode(factor, stage, code),
    signInWithBrowser: async (connectionId) => (await loaded()).signInWithBrowser(connectionId),
    getToken: async () => (await loaded()).getToken(),
    ensureToken: async () => (await loaded()).ensureToken(),
    startReverification: async () => (await loaded()).startReverification(),
    reverifyPassword: async (password) => (await loaded()).reverifyPassword(password),
    reverifyCode: async (code) => (await loaded()).reverifyCode(code),
    end: async () => (await loaded()).end(),
  };
}
