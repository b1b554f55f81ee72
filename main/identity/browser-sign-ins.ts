// Sign-ins that wait for the system's browser. Each belongs to the window that began it: what comes back is
// offered to the identity server in the name of each waiting window, and the server says whose it is.
import type { Log } from '../log.ts';
import type { SignInCallback } from '../links/sign-in-callback.ts';
import { browserPage, type BrowserPagePolicy } from './browser-page.ts';
import type { BrowserStep, BrowserStepState } from './browser-step.ts';

/** Of a window: its sign-in, and how to bring it to the front. */
export interface BrowserSignInOwner {
  readonly browserStep: () => BrowserStep | null;
  readonly lookAtBrowserStep: (step: BrowserStep, nonce: string | null) => Promise<BrowserStepState>;
}

export type BrowserOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: keyof typeof FAILURES; readonly text: string };

export interface BrowserSignInsOptions extends BrowserPagePolicy {
  /** In the system's browser; rejects where there is none. */
  readonly open: (url: string) => Promise<void>;
  readonly after: (delayMs: number, run: () => void) => () => void;
  readonly log: Log;
}

interface Waiting {
  readonly step: BrowserStep;
  readonly focus: () => void;
  readonly settle: (outcome: BrowserOutcome) => void;
}

const FAILURES = {
  browser_not_begun: 'There is no sign-in here that waits for the browser. Start again.',
  browser_cancelled: 'This sign-in was begun anew.',
  browser_page_refused:
    'Your account signs in at a page that this console may not open. Use another way to sign in, or ask an administrator.',
  browser_not_opened: 'No browser could be opened on this computer. Set a default browser, then try again.',
  browser_timed_out: 'Ten minutes have passed without an answer from the browser. Try again.',
  browser_failed: 'The sign-in in the browser was refused or given up. Nobody was signed in; try again.',
  identity_unreachable: 'The sign-in service cannot be reached. Check the network, then try again.',
} as const;

const WAIT_MS = 10 * 60_000;
/** Links that are looked at one after another; more at once are no person's. */
const QUEUE_MAX = 3;

export class BrowserSignIns {
  readonly #options: BrowserSignInsOptions;
  /** One for each window: a second one takes the place of the first. */
  readonly #waiting = new Map<BrowserSignInOwner, Waiting>();
  #queue: Promise<unknown> = Promise.resolve();
  #queued = 0;

  constructor(options: BrowserSignInsOptions) {
    this.#options = options;
  }

  /** Opens the page that this window's sign-in was sent to, and waits until the person is back from it. */
  async begin(owner: BrowserSignInOwner, focus: () => void): Promise<BrowserOutcome> {
    this.#waiting.get(owner)?.settle(failed('browser_cancelled'));
    const step = owner.browserStep();
    if (step === null || step.over.aborted) return failed('browser_not_begun');
    const page = browserPage(step.address, this.#options);
    if (!page.ok) {
      this.#options.log('browser_sign_in.page_refused', { host: page.host });
      return refusedPage(page.host);
    }
    const outcome = this.#wait(owner, step, focus);
    this.#options.open(page.url).catch((error: unknown) => {
      this.#options.log('browser_sign_in.not_opened', { error: String(error) });
      if (this.#waiting.get(owner)?.step === step)
        this.#waiting.get(owner)?.settle(failed('browser_not_opened'));
    });
    return outcome;
  }

  /**
   * Somebody or something followed the link that ends a sign-in in the browser.
   * @returns whether a window took it; a forged, used, foreign or late one is nobody's and changes nothing
   */
  cameBack(link: SignInCallback): Promise<boolean> {
    if (this.#queued >= QUEUE_MAX) return Promise.resolve(false);
    this.#queued += 1;
    const taken = this.#queue
      .then(() => this.#offer(link))
      .finally(() => {
        this.#queued -= 1;
      });
    this.#queue = taken;
    return taken;
  }

  async #offer({ nonce }: SignInCallback): Promise<boolean> {
    for (const [owner, waiting] of this.#waiting) {
      const state = await owner.lookAtBrowserStep(waiting.step, nonce);
      // It may have ended, or begun anew, while the server was asked.
      if (this.#waiting.get(owner) !== waiting || waiting.step.over.aborted) continue;
      if (state === 'waiting' || state === 'refused') continue;
      waiting.settle(
        state === 'verified'
          ? { ok: true }
          : failed(state === 'failed' ? 'browser_failed' : 'identity_unreachable'),
      );
      waiting.focus();
      return true;
    }
    this.#options.log('browser_sign_in.unknown', { waiting: this.#waiting.size });
    return false;
  }

  #wait(owner: BrowserSignInOwner, step: BrowserStep, focus: () => void): Promise<BrowserOutcome> {
    return new Promise((resolve) => {
      const stopClock = this.#options.after(WAIT_MS, () => settle(failed('browser_timed_out')));
      const cancel = (): void => settle(failed('browser_cancelled'));
      const waiting: Waiting = { step, focus, settle: (outcome) => settle(outcome) };
      const settle = (outcome: BrowserOutcome): void => {
        stopClock();
        step.over.removeEventListener('abort', cancel);
        if (this.#waiting.get(owner) === waiting) this.#waiting.delete(owner);
        this.#options.log('browser_sign_in.ended', { outcome: outcome.ok ? 'came_back' : outcome.code });
        resolve(outcome);
      };
      step.over.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(owner, waiting);
    });
  }
}

function failed(code: keyof typeof FAILURES): BrowserOutcome {
  return { ok: false, code, text: FAILURES[code] };
}

function refusedPage(host: string | null): BrowserOutcome {
  if (host === null) return failed('browser_page_refused');
  return {
    ok: false,
    code: 'browser_page_refused',
    text: `Your account signs in at ${host}, which this console may not open. Ask an administrator to add it to signInHosts in console.json.`,
  };
}
