import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes/lib/addon-unicode-graphemes.mjs';
import { Terminal } from '@xterm/headless/lib-headless/xterm-headless.mjs';
import { describe, expect, it } from 'vitest';
import { boundTerminal } from '#protocol/output/bounded-terminal.ts';
import { safeWriter } from '#protocol/output/safe-writer.ts';
import { createHeadlessTerminal } from './headless-terminal.ts';

const SIZE = { cols: 80, rows: 24 };
const SCROLLBACK_LINES = 200;
const encode = (text: string) => new TextEncoder().encode(text);

/** As the console's terminals are. */
function consoleTerminal() {
  const terminal = new Terminal({
    ...SIZE,
    scrollback: SCROLLBACK_LINES,
    allowProposedApi: true,
    logLevel: 'off',
  });
  const graphemes = new UnicodeGraphemesAddon();
  terminal.loadAddon(graphemes);
  boundTerminal(terminal, graphemes);
  const write = safeWriter(terminal);
  return {
    terminal,
    links: Reflect.get(
      Reflect.get(Reflect.get(terminal, '_core'), '_oscLinkService'),
      '_dataByLinkId',
    ) as Map<number, { readonly data: { readonly uri: string }; readonly lines: unknown[] }>,
    write: (text: string) => new Promise<void>((resolve) => write(encode(text), resolve)),
  };
}

describe('a terminal that draws what a machine prints', () => {
  it.each([
    ['an accent', 'a', '\u0301'],
    ['joined emoji', '👩', '\u200D👩'],
    ['jamo', '\u1100', '\u1100'],
  ])('keeps no more than its lines of one character without end: %s', async (_name, first, more) => {
    const terminal = createHeadlessTerminal(SIZE, SCROLLBACK_LINES);
    await terminal.write(encode(first));
    for (let n = 0; n < 20; n += 1) await terminal.write(encode(more.repeat(50_000)));
    const cells = SIZE.cols * (SIZE.rows + SCROLLBACK_LINES);
    expect(terminal.picture(SCROLLBACK_LINES).length).toBeLessThan(cells * 17 * 2);
    terminal.dispose();
  });

  it('keeps characters that people write in one cell each', async () => {
    const { terminal, write } = consoleTerminal();
    const characters = [
      '👩🏽‍👩🏿‍👧🏻‍👦🏾',
      '🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
      '🇦🇹',
      'a\u0301\u0323\u0327',
      '각',
      'z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334\u0319',
    ];
    await write(characters.join('\r\n'));
    const drawn = characters.map((_, y) => terminal.buffer.active.getLine(y)?.getCell(0)?.getChars());
    expect(drawn).toEqual(characters);
    terminal.dispose();
  });

  it('draws a picture of cut characters as they were', async () => {
    const terminal = createHeadlessTerminal(SIZE, SCROLLBACK_LINES);
    await terminal.write(encode(`a${'\u0301'.repeat(100)}b`));
    const again = createHeadlessTerminal(SIZE, SCROLLBACK_LINES);
    await again.write(encode(terminal.picture(0)));
    expect(again.picture(0)).toBe(terminal.picture(0));
    terminal.dispose();
    again.dispose();
  });

  it.each(['\u001B[1J', '\u001B[?1J'])('goes on where xterm throws: %j in the last cell', async (erase) => {
    for (const screen of ['', '\u001B[?1049h']) {
      const terminal = createHeadlessTerminal(SIZE, SCROLLBACK_LINES);
      await terminal.write(encode(`${screen}gone\u001B[999;999H${erase}\u001B[Hhere`));
      expect(terminal.picture(0)).toContain('here');
      expect(terminal.picture(0)).not.toContain('gone');
      terminal.dispose();
    }
  });

  it('goes on after whatever else xterm throws', async () => {
    const { terminal, write } = consoleTerminal();
    terminal.parser.registerCsiHandler({ final: 'z' }, () => {
      throw new Error('a bug');
    });
    await write('before\u001B[1zlost');
    await write(' after');
    expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe('before after');
    terminal.dispose();
  });

  it('has so many links, of such length, over so many lines, and is not held up by them', async () => {
    const { terminal, links, write } = consoleTerminal();
    const link = (address: string, text: string) => `\u001B]8;;${address}\u0007${text}\u001B]8;;\u0007`;
    await write(link('https://one.example/', 'one') + link(`https://${'x'.repeat(3000)}`, 'long'));
    expect([...links.values()].map(({ data }) => data.uri)).toEqual(['https://one.example/']);
    for (let n = 0; n < 5; n += 1)
      await write(
        Array.from({ length: 10_000 }, (_, i) => `\u001B[1G${link(`http://a/${n}/${i}`, 'x')}`).join(''),
      );
    expect(links.size).toBe(2000);
    // All of them leave at once.
    const startedAt = performance.now();
    await write('\r\n'.repeat(SIZE.rows + SCROLLBACK_LINES));
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(links.size).toBe(0);
    await write(`\u001B]8;;http://open/\u0007${'text\r\n'.repeat(200)}`);
    expect([...links.values()].map(({ lines }) => lines.length)).toEqual([50]);
    terminal.dispose();
  });
});
