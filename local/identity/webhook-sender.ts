import { Webhook } from 'standardwebhooks';
import type { OutgoingWebhook } from './identity-state.ts';

const retryDelaysMs = [0, 250, 1000, 4000, 15_000, 60_000, 300_000];
const answerTimeoutMs = 5000;

export type WebhookTarget = { url: string; secret: string };

export type WebhookLog = (entry: { event: string; webhook: string; type: string; detail: string }) => void;

/**
 * Delivers signed webhooks, each on its own retry schedule. The outbox is the caller's array and is saved by the
 * caller, so that what was not delivered before a restart is delivered after it.
 */
export class WebhookSender {
  readonly #target: WebhookTarget;
  readonly #signer: Webhook;
  readonly #outbox: OutgoingWebhook[];
  readonly #save: () => void;
  readonly #now: () => number;
  readonly #log: WebhookLog;
  readonly #stop = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: {
    target: WebhookTarget;
    outbox: OutgoingWebhook[];
    save: () => void;
    now: () => number;
    log: WebhookLog;
  }) {
    this.#target = options.target;
    this.#signer = new Webhook(options.target.secret);
    this.#outbox = options.outbox;
    this.#save = options.save;
    this.#now = options.now;
    this.#log = options.log;
    for (const webhook of this.#outbox) {
      webhook.attempts = 0;
      this.#schedule(webhook);
    }
  }

  /** Takes responsibility for one webhook; the caller saves the state that now holds it. */
  send(webhook: OutgoingWebhook): void {
    this.#outbox.push(webhook);
    this.#schedule(webhook);
  }

  dispose(): void {
    this.#stop.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #schedule(webhook: OutgoingWebhook): void {
    const delayMs = retryDelaysMs[webhook.attempts];
    if (delayMs === undefined) {
      this.#settle(webhook, 'given_up', `no success in ${webhook.attempts} attempts`);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#deliver(webhook);
    }, delayMs);
    this.#timers.add(timer);
  }

  async #deliver(webhook: OutgoingWebhook): Promise<void> {
    webhook.attempts += 1;
    const failure = await this.#post(webhook);
    if (this.#stop.signal.aborted) return;
    if (failure === null) {
      this.#settle(webhook, 'delivered', `attempt ${webhook.attempts}`);
      return;
    }
    this.#log({ event: 'webhook_failed', webhook: webhook.id, type: webhook.type, detail: failure });
    this.#schedule(webhook);
  }

  async #post(webhook: OutgoingWebhook): Promise<string | null> {
    const sentAt = new Date(this.#now());
    try {
      const response = await fetch(this.#target.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'svix-id': webhook.id,
          'svix-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
          'svix-signature': this.#signer.sign(webhook.id, sentAt, webhook.body),
        },
        body: webhook.body,
        redirect: 'error',
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(answerTimeoutMs)]),
      });
      await response.arrayBuffer();
      return response.ok ? null : `status ${response.status}`;
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause);
    }
  }

  #settle(webhook: OutgoingWebhook, outcome: string, detail: string): void {
    const index = this.#outbox.indexOf(webhook);
    if (index !== -1) this.#outbox.splice(index, 1);
    this.#save();
    this.#log({ event: `webhook_${outcome}`, webhook: webhook.id, type: webhook.type, detail });
  }
}
