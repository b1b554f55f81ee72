import type { Page } from '@playwright/test';

/** What is waited for in a page. */
export type Watch =
  /** Text on the terminal that is shown. */
  | { readonly terminal: string }
  /** Any change of the page; of several, the last before it rests for so long. */
  | { readonly restMs: number };

/**
 * Starts to look; the key comes after this. Then `painted` gives the time from the key as the system told of it to the
 * paint that shows its effect, in ms.
 */
export async function watch(page: Page, what: Watch): Promise<{ painted: () => Promise<number> }> {
  await page.evaluate((wanted) => {
    const bench = window as unknown as { benchPainted?: Promise<number> };
    bench.benchPainted = new Promise((resolve, reject) => {
      let keyMs: number | null = null;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const limit = setTimeout(() => reject(new Error('nothing was painted')), 30_000);
      const shown = () =>
        document
          .querySelector('section[data-active="true"] [data-testid="terminal"] .xterm-rows')
          ?.textContent.replaceAll('\u00a0', ' ') ?? '';
      const finish = (atMs: number) => {
        observer.disconnect();
        clearTimeout(limit);
        resolve(atMs - (keyMs ?? atMs));
      };
      // A message posted while a frame is made arrives after that frame has been painted. Sizes are told at the end of
      // the frame that draws the change, also where it was made in that very frame, as a terminal's are: whoever asks
      // for an animation frame there gets the next one, and measures 16.7 ms that nobody waits for.
      const afterPaint = (then: (atMs: number) => void) => {
        const { port1, port2 } = new MessageChannel();
        port1.addEventListener('message', () => then(performance.now()), { once: true });
        port1.start();
        const sizes = new ResizeObserver(() => {
          sizes.disconnect();
          port2.postMessage(0);
        });
        sizes.observe(document.body);
      };
      const observer = new MutationObserver(() => {
        if (keyMs === null) return;
        if ('terminal' in wanted) {
          if (shown().includes(wanted.terminal)) afterPaint(finish);
          return;
        }
        afterPaint((atMs) => {
          clearTimeout(timer);
          timer = setTimeout(() => finish(atMs), wanted.restMs);
        });
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      window.addEventListener(
        'keydown',
        (event) => {
          keyMs = event.timeStamp;
        },
        { capture: true, once: true },
      );
    });
  }, what);
  return {
    painted: () =>
      page.evaluate(() => {
        const { benchPainted } = window as unknown as { benchPainted?: Promise<number> };
        return benchPainted ?? Promise.reject(new Error('nothing is watched'));
      }),
  };
}
