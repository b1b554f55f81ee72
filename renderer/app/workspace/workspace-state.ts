import type { WorkspaceWindow } from '#contract/window-state.ts';
import type { WorkspaceFrame } from '#protocol/workspace-frame.ts';
import type { CallError } from '../../connection/call-error.ts';
import type { Entry, RelayState } from '../../connection/relay-client.ts';
import type { LockReason } from '../../features/lock/index.ts';
import type { SignInStore } from '../../features/sign-in/index.ts';
import type { Inside } from './inside.ts';

/** What a workspace's window is at. */
export type Stage =
  | { readonly kind: 'sign_in'; readonly signIn: SignInStore }
  | { readonly kind: 'entering' }
  | { readonly kind: 'inside'; readonly entry: Entry; readonly inside: Inside }
  | { readonly kind: 'refused'; readonly error: CallError }
  | { readonly kind: 'locked'; readonly reason: LockReason; readonly ending: boolean };

export interface WorkspaceState {
  readonly frame: WorkspaceFrame;
  readonly stage: Stage;
  readonly relay: RelayState;
  readonly link: WorkspaceWindow['link'];
  readonly reverifying: boolean;
  /** The relay is about to end the stay. */
  readonly ending: { readonly reason: 'idle' | 'max_age'; readonly endsAtMs: number } | null;
  /** Typed last, kept for the next sign-in of this window. */
  readonly email: string;
}
