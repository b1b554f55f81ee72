// How far a session's output has come here: received in order and once, drawn, and acknowledged as drawn, never as
// received, which is the flow control.
import { ACK_EVERY_BYTES, unseenPart } from '#protocol/frame/frame.ts';
import type { Timers } from './socket.ts';

/** A quiet terminal still acknowledges, soon after its last byte was drawn. */
const ACK_IDLE_MS = 60;

export interface TerminalOutputPorts {
  readonly timers: Timers;
  /** @returns false where there is no line to acknowledge on */
  readonly acknowledge: (drawnBytes: number) => boolean;
  /** All that was to be loaded is drawn. */
  readonly loaded: () => void;
}

/** To be drawn; `drawn` is to be called when it is. */
export interface Received {
  readonly bytes: Uint8Array;
  readonly drawn: () => void;
}

export class TerminalOutput {
  readonly #ports: TerminalOutputPorts;
  #receivedBytes = 0;
  #drawnBytes = 0;
  #ackedBytes = 0;
  /** Every byte up to here is wanted, whatever came in place of it. */
  #exactToBytes: number | null = null;
  /** Raised when drawing begins anew: what is still being drawn of before does not count. */
  #drawing = 0;
  #stopAck: (() => void) | null = null;

  constructor(ports: TerminalOutputPorts) {
    this.#ports = ports;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  get drawnBytes(): number {
    return this.#drawnBytes;
  }

  /** A picture of the screen would do in place of output that is missing. */
  get takesScreen(): boolean {
    return this.#exactToBytes === null;
  }

  /** @returns null for what is here already; `gap` where bytes are missing in between */
  receive(offsetBytes: number, payload: Uint8Array): Received | 'gap' | null {
    const part = unseenPart(this.#receivedBytes, offsetBytes, payload);
    if (part.state === 'duplicate') return null;
    if (part.state === 'gap') return 'gap';
    const { length } = part.payload;
    this.#receivedBytes += length;
    return { bytes: part.payload, drawn: this.#whenDrawn(length) };
  }

  /** What lies before this offset is not to be had. @returns how many bytes that is, 0 or less for none */
  skipTo(offsetBytes: number): number {
    const skippedBytes = offsetBytes - this.#receivedBytes;
    if (skippedBytes > 0) {
      // What was skipped needs no drawing: acknowledging it keeps the credit right.
      this.#receivedBytes += skippedBytes;
      this.#drawnBytes += skippedBytes;
    }
    return skippedBytes;
  }

  /** A picture stands for all output up to this offset. */
  receiveScreen(offsetBytes: number): { readonly skippedBytes: number; readonly drawn: () => void } {
    const skippedBytes = offsetBytes - this.#receivedBytes;
    this.#beginAt(this.#receivedBytes);
    this.#receivedBytes = offsetBytes;
    return { skippedBytes, drawn: this.#whenDrawn(offsetBytes - this.#drawnBytes) };
  }

  /** Everything since this offset is to come again, and to be drawn byte by byte. */
  loadFrom(offsetBytes: number): void {
    this.#exactToBytes = this.#receivedBytes;
    this.#beginAt(offsetBytes);
  }

  acknowledge(): void {
    this.stopAck();
    if (this.#ports.acknowledge(this.#drawnBytes)) this.#ackedBytes = this.#drawnBytes;
  }

  stopAck(): void {
    this.#stopAck?.();
    this.#stopAck = null;
  }

  #beginAt(offsetBytes: number): void {
    this.#drawing += 1;
    this.#receivedBytes = offsetBytes;
    this.#drawnBytes = offsetBytes;
    this.#ackedBytes = Math.min(this.#ackedBytes, offsetBytes);
  }

  #whenDrawn(bytes: number): () => void {
    const drawing = this.#drawing;
    return () => {
      if (drawing === this.#drawing) this.#drew(bytes);
    };
  }

  #drew(bytes: number): void {
    this.#drawnBytes += bytes;
    if (this.#exactToBytes !== null && this.#drawnBytes >= this.#exactToBytes) {
      this.#exactToBytes = null;
      return this.#ports.loaded();
    }
    if (this.#drawnBytes - this.#ackedBytes >= ACK_EVERY_BYTES) this.acknowledge();
    else {
      this.#stopAck ??= this.#ports.timers.after(ACK_IDLE_MS, () => this.acknowledge());
    }
  }
}
