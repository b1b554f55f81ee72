import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes/lib/addon-unicode-graphemes.mjs';
import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { SessionScreen } from './session-screen.ts';

const SIZE = { cols: 60, rows: 12 };
const encode = (text: string) => new TextEncoder().encode(text);

function newTerminal(): Terminal {
  const terminal = new Terminal({ ...SIZE, scrollback: 200, allowProposedApi: true, logLevel: 'off' });
  terminal.loadAddon(new UnicodeGraphemesAddon());
  return terminal;
}

/** Everything that can be seen or felt, cell by cell; `lines` above the screen as well. */
async function seen(terminal: Terminal, lines: number): Promise<unknown> {
  await new Promise<void>((resolve) => terminal.write('', resolve));
  const { active } = terminal.buffer;
  const rows: string[] = [];
  for (let y = Math.max(0, active.baseY - lines); y < active.baseY + terminal.rows; y += 1) {
    let row = '';
    for (let x = 0; x < terminal.cols; x += 1) {
      const cell = active.getLine(y)?.getCell(x);
      if (cell === undefined) continue;
      const look = [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
      const text = cell.getChars() === '' && cell.getWidth() === 1 ? ' ' : cell.getChars();
      // Nobody sees what colour a blank would be written in, nor how bold, but whether it is inverse.
      const seenLook = text === ' ' && cell.isInverse() === 0 ? look.slice(2) : [...look, cell.isBold()];
      row += `${text}${seenLook.join()},${cell.isInverse()};`;
    }
    rows.push(row.replaceAll(/((?:[^;]*;))\1{3,}/g, (run, cell: string) => `${cell}×${run.length}`));
  }
  const core = Reflect.get(terminal, '_core');
  return {
    rows,
    cursor: [active.cursorX, active.cursorY],
    screen: active.type,
    modes: terminal.modes,
    hidden: core.coreService.isCursorHidden,
    mouse: core.coreMouseService.activeEncoding,
    region: [core.buffer.scrollTop, core.buffer.scrollBottom],
  };
}

const write = (terminal: Terminal, bytes: Uint8Array) =>
  new Promise<void>((resolve) => terminal.write(bytes, resolve));

/** A console that saw everything, and one that got the picture at `cut` and the rest. */
async function compare(
  output: Uint8Array,
  cut: number,
  lines = 0,
): Promise<{ direct: unknown; returned: unknown }> {
  const screen = new SessionScreen(SIZE, () => undefined);
  for (let at = 0; at < cut; at += 4096) screen.append(at, output.subarray(at, Math.min(cut, at + 4096)));
  const picture = await screen.picture();
  if (picture === null) throw new Error('no picture');
  expect(picture).toMatchObject({ offsetBytes: cut, size: SIZE });
  const returned = newTerminal();
  await write(returned, picture.data);
  await write(returned, output.subarray(cut));
  const direct = newTerminal();
  await write(direct, output);
  const both = { direct: await seen(direct, lines), returned: await seen(returned, lines) };
  screen.dispose();
  returned.dispose();
  direct.dispose();
  return both;
}

const piece = fc.oneof(
  fc.constantFrom('word ', 'x', '\r\n', '\r', '\t', '日本', 'é', '👩', '°', '\b'),
  fc.constantFrom('\u001B[1;31m', '\u001B[0m', '\u001B[38;2;1;2;3m', '\u001B[44m', '\u001B[7m'),
  fc.constantFrom(
    '\u001B[?1049h',
    '\u001B[?1049l',
    '\u001B[?25l',
    '\u001B[?25h',
    '\u001B[?2004h',
    '\u001B[?1h',
  ),
  fc.constantFrom('\u001B[?1002h\u001B[?1006h', '\u001B[?1002l\u001B[?1006l', '\u001B(0lqk\u001B(B'),
  fc.constantFrom(
    '\u001B7',
    '\u001B8',
    '\u001B[?6h',
    '\u001B[?6l',
    '\u001B[?7l',
    '\u001B[?7h',
    '\u001B[3;4;9m',
  ),
  fc.constantFrom('\u001B[2J', '\u001B[K', '\u001B[3;8r', '\u001B[r', '\u001B[2L', '\u001B[M'),
  fc.constantFrom('\u001B]0;a title\u0007', '\u001B]633;x\u001B\\', '\u001BP+q544e\u001B\\'),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 60 }))
    .map(([y, x]) => `\u001B[${y};${x}H`),
);

describe('session screen', () => {
  it(
    'shows what a console shows that saw everything, wherever it is taken',
    { timeout: 60_000 },
    async () => {
      const streams = fc.tuple(
        fc.array(piece, { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      );
      await fc.assert(
        fc.asyncProperty(streams, async ([pieces, where]) => {
          const output = encode(pieces.join(''));
          const { direct, returned } = await compare(output, Math.floor(where * output.length));
          expect(returned).toEqual(direct);
        }),
        { numRuns: 400 },
      );
    },
  );

  // Found by chance, each of them: a cut anywhere in it.
  it.each([
    ['what it came back to', '\u001B[44mword \u001B[2J\u001B[?1049l'],
    ['a wide character that wrapped by itself', '\u001B[1;60H日本\u001B[1;31m'],
    ['the next character wraps', '\u001B[1;56H日本\u001B[44mé\u001B]0;a title\u0007wraps'],
    ['half of a wide character is overwritten', '\u001B[7m日本\b\u001B[mx\u001B[2;1H\u001B[7m日本\bx'],
    ['it wraps behind a wide one', '\u001B[1;57H\u001B[44m\u001B(0lqk\u001B(B\b👩\u001B[1;31mwraps'],
  ])('shows the same where %s', async (_, text) => {
    const output = encode(text);
    for (let cut = 0; cut <= output.length; cut += 1) {
      const { direct, returned } = await compare(output, cut);
      expect(returned).toEqual(direct);
    }
  });

  it('is right after more plain text than it parses, with the lines above, and at once', async () => {
    const line = (n: number) => `line ${n} ${'of plain text '.repeat(1 + (n % 5))}é\r\n`;
    const output = encode(
      `\u001B[1;32mgreen ${Array.from({ length: 200_000 }, (_, n) => line(n)).join('')}\u001B[0mthe end $ `,
    );
    const started = performance.now();
    const { direct, returned } = await compare(output, output.length - 5, 200);
    expect(returned).toEqual(direct);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('lets its writer go on, also one that was faster only while it parsed', async () => {
    let drained = 0;
    const screen = new SessionScreen(SIZE, () => (drained += 1));
    const coloured = encode('\u001B[31mred\u001B[0m rolls by\r\n'.repeat(3000));
    let offset = 0;
    while (!screen.isBehind) {
      screen.append(offset, coloured);
      offset += coloured.length;
      // The first of it is being parsed by now.
      await Promise.resolve();
    }
    await vi.waitFor(() => expect([screen.isBehind, drained]).toEqual([false, 1]), 5000);
    screen.dispose();
  });

  it('holds up no flood of text that begins with a sequence', async () => {
    let drained: () => void = () => undefined;
    const screen = new SessionScreen(SIZE, () => drained());
    const text = encode('a line of plain text that rolls by\r\n'.repeat(1800));
    let offset = 0;
    let waits = 0;
    screen.append(offset, encode('\u001B[1m$ \u001B[0m'));
    for (offset = 10; offset < 20_000_000; offset += text.length) {
      screen.append(offset, text);
      if (screen.isBehind) {
        waits += 1;
        await new Promise<void>((resolve) => (drained = resolve));
      } else await new Promise((resolve) => setImmediate(resolve));
    }
    // It would be some 150, were all of it parsed.
    expect(waits).toBeLessThan(40);
    expect((await screen.picture())?.offsetBytes).toBe(offset);
    screen.dispose();
  });

  it('keeps what does not scroll, and pauses whoever writes faster than it parses', async () => {
    let drained = 0;
    const screen = new SessionScreen(SIZE, () => (drained += 1));
    const head = encode('\u001B[2J\u001B[1;1Hkept\u001B[2;12r\u001B[12;1H');
    screen.append(0, head);
    await screen.picture();
    const text = encode('rolls by\r\n'.repeat(6500));
    let offset = head.length;
    for (let i = 0; i < 12; i += 1) {
      screen.append(offset, text);
      offset += text.length;
    }
    expect(screen.isBehind).toBe(true);
    const picture = await screen.picture();
    expect(new TextDecoder().decode(picture?.data)).toContain('kept');
    expect(picture?.offsetBytes).toBe(offset);
    expect([screen.isBehind, drained]).toEqual([false, 1]);
    screen.dispose();
  });
});
