// Binary frames on a terminal session's sockets: [kind u8][channel u8][offset u64 big-endian][payload].
// Offsets count bytes of one direction from the start of the session; they alone give duplicate
// drop, resume and flow control, so a frame means the same on any connection.

export const FrameKind = {
  /** agent → relay → console. `offset`: of the payload's first byte in the output. */
  output: 1,
  /** console → relay → agent. `offset`: of the payload's first byte in the input. */
  input: 2,
  /** console → relay. `offset`: output bytes drawn so far (xterm's write callback). No payload. */
  outputAck: 3,
  /** agent → relay → console. `offset`: input bytes written to the pty so far. No payload. */
  inputAck: 4,
  /** relay → agent. `offset`: the agent may send output up to here. No payload. */
  credit: 5,
  /** relay → agent. `offset`: output below is recorded and, where a console follows it live, drawn; forget it. No payload. */
  free: 6,
} as const;
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind];

export interface Frame {
  readonly kind: FrameKind;
  /** Always 0 today; kept for several ptys on one session. */
  readonly channel: number;
  readonly offsetBytes: number;
  readonly payload: Uint8Array;
}

export const FRAME_HEADER_BYTES = 10;
/** Largest payload a peer may send. */
export const FRAME_PAYLOAD_MAX_BYTES = 64 * 1024;
/** Output bytes that may be on their way to a console that is near, unacknowledged. */
export const CREDIT_WINDOW_BYTES = 512 * 1024;
/** … to one that is however far, as the relay measures it. */
export const CREDIT_WINDOW_MAX_BYTES = 1536 * 1024;
/** A console acknowledges at least this often. */
export const ACK_EVERY_BYTES = 64 * 1024;

export type FrameError =
  | 'too_short'
  | 'unknown_kind'
  | 'unknown_channel'
  | 'offset_out_of_range'
  | 'too_large'
  | 'unexpected_payload';
export type DecodedFrame =
  | { readonly ok: true; readonly frame: Frame }
  | { readonly ok: false; readonly reason: FrameError };

const EMPTY = new Uint8Array(0);

/**
 * @param offsetBytes of one direction, from the start of the session
 * @param payload at most FRAME_PAYLOAD_MAX_BYTES; none but for output and input
 */
export function encodeFrame(
  kind: FrameKind,
  offsetBytes: number,
  payload: Uint8Array = EMPTY,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, kind);
  view.setUint8(1, 0);
  view.setBigUint64(2, BigInt(offsetBytes));
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

/** Decode without copying: `payload` is a view into `bytes`. */
export function decodeFrame(bytes: Uint8Array): DecodedFrame {
  if (bytes.length < FRAME_HEADER_BYTES) return { ok: false, reason: 'too_short' };
  if (bytes.length > FRAME_HEADER_BYTES + FRAME_PAYLOAD_MAX_BYTES) return { ok: false, reason: 'too_large' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = view.getUint8(0);
  if (!isFrameKind(kind)) return { ok: false, reason: 'unknown_kind' };
  const channel = view.getUint8(1);
  if (channel !== 0) return { ok: false, reason: 'unknown_channel' };
  const offset = view.getBigUint64(2);
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) return { ok: false, reason: 'offset_out_of_range' };
  const payload = bytes.subarray(FRAME_HEADER_BYTES);
  const carriesBytes = kind === FrameKind.output || kind === FrameKind.input;
  if (!carriesBytes && payload.length > 0) return { ok: false, reason: 'unexpected_payload' };
  return { ok: true, frame: { kind, channel, offsetBytes: Number(offset), payload } };
}

function isFrameKind(kind: number): kind is FrameKind {
  return kind >= FrameKind.output && kind <= FrameKind.free;
}

/**
 * What of a received range is new, given that everything below `haveBytes` was received before.
 * `gap` means bytes in between are missing: the receiver asks for a resume from `haveBytes`.
 */
export function unseenPart(
  haveBytes: number,
  offsetBytes: number,
  payload: Uint8Array,
):
  | { readonly state: 'new'; readonly payload: Uint8Array }
  | { readonly state: 'duplicate' }
  | { readonly state: 'gap' } {
  if (offsetBytes > haveBytes) return { state: 'gap' };
  const skip = haveBytes - offsetBytes;
  if (skip >= payload.length) return { state: 'duplicate' };
  return { state: 'new', payload: skip === 0 ? payload : payload.subarray(skip) };
}
