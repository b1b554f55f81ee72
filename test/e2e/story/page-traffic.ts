import type { ElectronApplication, Page, WebSocket } from '@playwright/test';
import { decodeFrame, FrameKind, unseenPart } from '#protocol/frame/frame.ts';

/** One answer that main let through to a page. */
export interface PageAnswer {
  readonly page: Page;
  readonly url: string;
  readonly body: string;
}

/** Everything that pages were sent: answers of the identity proxy, and frames of sockets. Watches from its creation on. */
export class PageTraffic {
  readonly answers: PageAnswer[] = [];
  readonly #sockets: { readonly page: Page; readonly socket: WebSocket }[] = [];
  readonly #output = new Map<string, { bytes: Buffer[]; haveBytes: number }>();

  constructor(application: ElectronApplication) {
    for (const page of application.windows()) this.#watch(page);
    application.on('window', (page) => this.#watch(page));
  }

  #watch(page: Page): void {
    page.on('response', (response) => {
      const url = response.url();
      if (!url.includes('/__fapi/')) return;
      void response.text().then(
        (body) => this.answers.push({ page, url, body }),
        () => {},
      );
    });
    page.on('websocket', (socket) => {
      this.#sockets.push({ page, socket });
      socket.on('framereceived', ({ payload }) => {
        if (typeof payload !== 'string') this.#receive(socket.url(), payload);
      });
    });
  }

  /** The renderer's own rule: by offset, each byte once. */
  #receive(url: string, payload: Buffer): void {
    const decoded = decodeFrame(payload);
    if (!decoded.ok || decoded.frame.kind !== FrameKind.output) return;
    const stream = this.#output.get(url) ?? { bytes: [], haveBytes: 0 };
    this.#output.set(url, stream);
    const part = unseenPart(stream.haveBytes, decoded.frame.offsetBytes, decoded.frame.payload);
    if (part.state === 'gap') throw new Error(`output of ${url} has a gap at ${stream.haveBytes}`);
    if (part.state === 'duplicate') return;
    stream.bytes.push(Buffer.from(part.payload));
    stream.haveBytes += part.payload.length;
  }

  /** Sockets that this page ever opened. */
  socketsOf(page: Page): readonly string[] {
    return this.#sockets.filter((one) => one.page === page).map(({ socket }) => socket.url());
  }

  /** Output bytes of the session with this id, as the page received them. */
  outputOf(sessionId: string): Buffer {
    for (const [url, { bytes }] of this.#output)
      if (url.endsWith(`/${sessionId}`)) return Buffer.concat(bytes);
    return Buffer.alloc(0);
  }

  /** Terminal sessions that this page connected to, oldest first. */
  sessionsOf(page: Page): readonly string[] {
    const ids = this.socketsOf(page).flatMap(
      (url) => /\/v1\/terminals\/[^/]+\/([^/?]+)$/.exec(url)?.[1] ?? [],
    );
    return [...new Set(ids)];
  }
}
