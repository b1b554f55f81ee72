// The renderer's entries: each page makes its ports once (bridge, sockets, clock) and passes them down.
// Only app/ composes: it may import every feature, and no feature imports another or this folder.
// `window.caisey` is made by preload and reaches main; a call never names an organization.
import type { CaiseyBridge } from '#contract/ipc.ts';

declare global {
  interface Window {
    readonly caisey: CaiseyBridge;
  }
}

/** Something that main may refuse without any harm here: the next state from main corrects what is shown. */
export function unheeded(work: Promise<unknown>): void {
  work.catch(() => undefined);
}
