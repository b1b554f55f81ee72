// Signing in to the one client of this window: clerk-js through main's proxy, one organization, one fresh session.
// The screens take plain state; the identity behind them is an interface.
// Nothing here knows another client, and a session that was found alive is ended before anything else.
export { createLateIdentity } from './late-identity.ts';
export type { FactorStep, Identity } from './identity.ts';
export { createSignIn } from './sign-in-store.ts';
export type { SignInActions, SignInState, SignInStore } from './sign-in-store.ts';
export { SignInScreen, SignInStep } from './sign-in-screen.tsx';
