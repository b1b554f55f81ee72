import { createRequire } from 'node:module';
import type * as Headless from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { safeWriter } from '#protocol/output/safe-writer.ts';
import { wholeCharacters } from '#protocol/output/whole-characters.ts';

// The package is CommonJS whose names Node cannot see from outside.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless;

/** One, two, three and four bytes, with 0x80 among them, and some that are no UTF-8. */
const TEXTS = ['aé“…。𐀀😀x', '「日本」—€', '\u00ff\u00e9'];

async function drawn(parts: readonly Uint8Array[]): Promise<string> {
  const terminal = new Terminal({ cols: 80, rows: 2, allowProposedApi: true });
  const write = safeWriter(terminal);
  for (const part of parts) await new Promise<void>((resolve) => write(part, resolve));
  const line = terminal.buffer.active.getLine(0)?.translateToString(true);
  terminal.dispose();
  return line ?? '';
}

describe('characters cut in two', () => {
  it.each(TEXTS)('are drawn whole wherever the cut is: %s', async (text) => {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(await drawn([bytes.subarray(0, at), bytes.subarray(at)])).toBe(text);
    }
  });

  it('are drawn whole where the writer itself cuts', async () => {
    for (const before of [1021, 1022, 1023, 1024]) {
      const bytes = new TextEncoder().encode(`${'\r'.repeat(before)}“${'\r'.repeat(2000)}\u001b[1Cx`);
      expect(await drawn([bytes])).toBe('“x');
    }
  });

  it('hold back no byte for good that is none of UTF-8', () => {
    const whole = wholeCharacters();
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
    const parts = [...bytes, 0x41].map((byte) => Buffer.from(whole(Uint8Array.of(byte))));
    expect(Buffer.concat(parts).equals(Buffer.from([...bytes, 0x41]))).toBe(true);
  });
});
