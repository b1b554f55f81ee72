/** Output kept until the relay says that it is safe there. Offsets count from the session's start. */
export interface OutputRing {
  readonly startBytes: number;
  readonly endBytes: number;
  readonly sizeBytes: number;
  append(bytes: Uint8Array): void;
  /** Up to `maxBytes` from `offsetBytes` (which must lie in the ring): a view, valid until it is freed. */
  read(offsetBytes: number, maxBytes: number): Uint8Array;
  /** Forget everything below `offsetBytes`; offsets outside the ring are clamped. */
  free(offsetBytes: number): void;
}

const FIRST_CAPACITY_BYTES = 64 * 1024;

/** The ring grows as it must; whoever fills it keeps it bounded by pausing the source. */
export function createOutputRing(): OutputRing {
  let buffer = new Uint8Array(FIRST_CAPACITY_BYTES);
  let start = 0;
  let end = 0;

  const view = (offset: number, max: number): Uint8Array => {
    const at = offset % buffer.length;
    return buffer.subarray(at, at + Math.min(max, end - offset, buffer.length - at));
  };
  const grow = (neededBytes: number): void => {
    let capacity = buffer.length;
    while (capacity < neededBytes) capacity *= 2;
    const larger = new Uint8Array(capacity);
    for (let offset = start; offset < end;) {
      const part = view(offset, end - offset);
      copyInto(larger, offset, part);
      offset += part.length;
    }
    buffer = larger;
  };

  return {
    get startBytes() {
      return start;
    },
    get endBytes() {
      return end;
    },
    get sizeBytes() {
      return end - start;
    },
    append(bytes) {
      if (end - start + bytes.length > buffer.length) grow(end - start + bytes.length);
      copyInto(buffer, end, bytes);
      end += bytes.length;
    },
    read(offsetBytes, maxBytes) {
      if (offsetBytes < start || offsetBytes > end) throw new RangeError('offset outside the ring');
      return view(offsetBytes, maxBytes);
    },
    free(offsetBytes) {
      start = Math.max(start, Math.min(offsetBytes, end));
    },
  };
}

function copyInto(buffer: Uint8Array, offset: number, bytes: Uint8Array): void {
  const at = offset % buffer.length;
  const first = Math.min(bytes.length, buffer.length - at);
  buffer.set(bytes.subarray(0, first), at);
  if (first < bytes.length) buffer.set(bytes.subarray(first), 0);
}
