// What a machine may print that no program should: every form of control sequence with extreme numbers, and random
// streams of text, sequences, strings for the terminal and raw bytes.
import fc from 'fast-check';

const FINALS = Array.from({ length: 0x7f - 0x40 }, (_, index) => String.fromCharCode(0x40 + index));
const MARKERS = ['', '?', '>', '=', '<', '!'];
const PARAMETERS = [
  '2147483647',
  '99999999999999999999',
  '1;2147483647',
  ';;;99999',
  '4294967295:7',
  '65536;65536;65536',
];

/** Text, sequences, strings for the terminal, raw bytes: up to some 2 KiB. */
const encoder = new TextEncoder();
const stream: fc.Arbitrary<Uint8Array> = fc
  .array(
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom('\u001B[', '\u009B'),
          fc.constantFrom(...MARKERS),
          fc.array(fc.oneof(fc.nat(300), fc.nat(), fc.bigInt({ min: 0n, max: 10n ** 20n })), {
            maxLength: 4,
          }),
          fc.constantFrom(...FINALS),
        )
        .map(([introducer, marker, numbers, final]) => `${introducer}${marker}${numbers.join(';')}${final}`),
      fc
        .tuple(fc.nat(120), fc.string({ maxLength: 60 }))
        .map(([code, text]) => `\u001B]${code};${text}\u0007`),
      fc.constantFrom(
        '\u001BP$qm\u001B\\',
        '\u001BP+q544e\u001B\\',
        '\u001BM',
        '\u001B#8',
        '\u001Bc',
        '\r\n',
        '\t',
      ),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.uint8Array({ maxLength: 60 }),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((parts) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part))),
  );

/** 2,268 of them. */
export function extremeForms(): string[] {
  return FINALS.flatMap((final) =>
    MARKERS.flatMap((marker) => PARAMETERS.map((parameters) => `\u001B[${marker}${parameters}${final}`)),
  );
}

/** The same for the same seed. */
export function hostileStreams(seed: number, count: number): Uint8Array[] {
  return fc.sample(stream, { seed, numRuns: count });
}
