// Output that a picture of the screen stood for: where it is missing, what was on screen there, and how it comes after all.
import type { TerminalClient } from '../../connection/terminal-client.ts';
import type { TerminalView } from '../../terminal/terminal-view.ts';

export interface Skipped {
  readonly bytes: number;
  /** While it is being loaded: what is still to come. */
  readonly leftBytes: number | null;
}

export interface SkippedOutputPorts {
  readonly redraw: TerminalView['redraw'];
  readonly client: () => Pick<TerminalClient, 'receivedBytes' | 'drawnBytes' | 'loadFrom'> | null;
  readonly show: (skipped: Skipped | null) => void;
}

/** Where output was first skipped, and what stood on screen there. */
interface Gap {
  readonly fromBytes: number;
  before: string;
}

export class SkippedOutput {
  readonly #ports: SkippedOutputPorts;
  #skipped: Skipped | null = null;
  #gap: Gap | null = null;
  /** Output up to here is being loaded; null: none is. */
  #loadingTo: number | null = null;

  constructor(ports: SkippedOutputPorts) {
    this.#ports = ports;
  }

  get isLoading(): boolean {
    return this.#loadingTo !== null;
  }

  /** All is drawn anew from elsewhere. */
  forget(): void {
    this.#gap = null;
    this.#show(null);
  }

  /** Draws everything since the first gap, from the recording; what is typed meanwhile reaches the machine. */
  load(): void {
    const { redraw, client: clientNow } = this.#ports;
    const gap = this.#gap;
    const client = clientNow();
    if (gap === null || client === null || this.#loadingTo !== null) return;
    this.#gap = null;
    this.#loadingTo = client.receivedBytes;
    redraw(gap.before);
    client.loadFrom(gap.fromBytes);
    this.drew();
  }

  /** In place of so many bytes, up to where the client stands already. */
  showScreen(picture: Uint8Array, skippedBytes: number, drawn: () => void): void {
    const toBytes = this.#ports.client()?.receivedBytes ?? 0;
    const gap = { fromBytes: toBytes - skippedBytes, before: '' };
    if (this.#gap === null) this.#gap = gap;
    this.#ports.redraw(picture, drawn, (before) => {
      gap.before = before;
    });
    this.add(skippedBytes);
  }

  add(bytes: number): void {
    this.#show({ bytes: (this.#skipped?.bytes ?? 0) + bytes, leftBytes: null });
  }

  /** More of the output is on screen. */
  drew(): void {
    if (this.#loadingTo === null || this.#skipped === null) return;
    const leftBytes = this.#loadingTo - (this.#ports.client()?.drawnBytes ?? 0);
    if (leftBytes <= 0) this.#loadingTo = null;
    this.#show(leftBytes <= 0 ? null : { ...this.#skipped, leftBytes });
  }

  #show(skipped: Skipped | null): void {
    this.#skipped = skipped;
    this.#ports.show(skipped);
  }
}
