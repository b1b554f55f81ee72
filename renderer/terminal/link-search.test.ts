import { UnicodeGraphemesAddon } from '@xterm/addon-unicode-graphemes';
import { Terminal } from '@xterm/headless';
import { describe, expect, it, vi } from 'vitest';
import { boundTerminal } from '#protocol/output/bounded-terminal.ts';
import { linksOf } from './link-search.ts';
import type { TerminalLink, Towards } from './link-search.ts';

const hidden = (address: string, text: string) => `\u001B]8;;${address}\u001B\\${text}\u001B]8;;\u001B\\`;

async function terminalWith(text: string, cols = 40) {
  const xterm = new Terminal({ cols, rows: 10, scrollback: 5000, allowProposedApi: true });
  const graphemes = new UnicodeGraphemesAddon();
  xterm.loadAddon(graphemes);
  boundTerminal(xterm, graphemes);
  await new Promise<void>((resolve) => xterm.write(text, resolve));
  const find = linksOf(xterm);
  const { active } = xterm.buffer;
  /** Of the cells from its first to its last, the second halves of wide ones aside. */
  const textOf = ({ from, to }: TerminalLink) => {
    const cells = Array.from({ length: (to.y - from.y) * cols + to.x - from.x + 1 }, (_, at) => from.x + at);
    const cell = (at: number) => active.getLine(from.y + Math.floor(at / cols))?.getCell(at % cols);
    return cells.map((at) => cell(at)?.getChars() ?? '').join('');
  };
  /** All of them, one after the other, as a key goes there. */
  const all = (towards: Towards) => {
    const links: TerminalLink[] = [];
    let place = towards === 'up' ? { x: cols, y: active.baseY + active.cursorY } : { x: 0, y: 0 };
    for (let link = find(place, towards); link !== null; link = find(place, towards)) {
      links.push(link);
      place = towards === 'up' ? link.from : { x: link.to.x + 1, y: link.to.y };
    }
    return links;
  };
  const up = () => all('up').map((link) => [textOf(link), link.address]);
  return { xterm, find, up, all };
}

const same = (address: string) => [address, address];

describe('links of a terminal', () => {
  it('are found from the newest up, and down again', async () => {
    const { up, all } = await terminalWith(
      'see http://a.example/1 and http://a.example/2.\r\nno link\r\nhttp://a.example/3\r\n$ ',
    );
    const links = [same('http://a.example/3'), same('http://a.example/2'), same('http://a.example/1')];
    expect(up()).toEqual(links);
    expect(all('down')).toEqual(all('up').toReversed());
    const none = await terminalWith('no link\r\nhttp:// https://% ftp://a.example/\r\n');
    expect(none.up()).toEqual([]);
    expect(none.all('down')).toEqual([]);
  });

  it('go on in the next rows where their line was wrapped, and only there', async () => {
    const long = `http://a.example/${'0123456789'.repeat(9)}`;
    const { up, all } = await terminalWith(
      `${'x'.repeat(36)} ${long} end\r\nhttp://a.example/${'y'.repeat(23)}\r\nzz`,
    );
    expect(up()).toEqual([same(`http://a.example/${'y'.repeat(23)}`), same(long)]);
    expect(all('up')[1]).toMatchObject({ from: { x: 37, y: 0 }, to: { x: 23, y: 3 } });
  });

  it('stand where they are drawn, behind wide characters and with them', async () => {
    const { up, all } = await terminalWith('日本語 👩‍💻 e\u0301 http://a.example/日本!\r\n');
    expect(up()).toEqual([['http://a.example/日本', 'http://a.example/%E6%97%A5%E6%9C%AC']]);
    expect(all('up')[0]).toMatchObject({ from: { x: 12, y: 0 }, to: { x: 31, y: 0 } });
    // The one that has no room in the last column leaves it empty.
    const wrapped = await terminalWith(`${'x'.repeat(20)} http://a.example/a日本\r\n`);
    expect(wrapped.up()).toEqual([['http://a.example/a日本', 'http://a.example/a%E6%97%A5%E6%9C%AC']]);
  });

  it('lead where the program said, whatever they are called', async () => {
    const { up } = await terminalWith(
      `${hidden('https://evil.example/x', 'https://good.example/login')} or ${hidden('mailto:a@b.example', 'mail')}${hidden('https://c.example', 'c')}\r\n`,
    );
    expect(up()).toEqual([
      ['c', 'https://c.example/'],
      ['mail', 'mailto:a@b.example'],
      ['https://good.example/login', 'https://evil.example/x'],
    ]);
    // A part of an address is a link to somewhere else: the rest is none.
    const part = await terminalWith(`https://good.example/${hidden('https://evil.example/', 'x')}/y`);
    expect(part.up()).toEqual([['x', 'https://evil.example/']]);
    const wrapped = await terminalWith(
      `${'x'.repeat(35)}${hidden('https://evil.example/', 'a label of two rows')}`,
    );
    expect(wrapped.up()).toEqual([['a label of two rows', 'https://evil.example/']]);
  });

  it('are text like any other where they lead nowhere or were let go', async () => {
    const { up } = await terminalWith(
      `${hidden('not an address', 'http://a.example/')} ${hidden('/x', 'x')}`,
    );
    expect(up()).toEqual([same('http://a.example/')]);
    const long = await terminalWith(hidden(`https://a.example/${'x'.repeat(3000)}`, 'too long'));
    expect(long.up()).toEqual([]);
    // Nor are they the text of another, which nobody ended.
    const after = await terminalWith(
      `\u001B]8;;https://a.example/\u001B\\a${hidden(`https://b.example/${'x'.repeat(3000)}`, ' b')}`,
    );
    expect(after.up()).toEqual([['a', 'https://a.example/']]);
    const plain = await terminalWith(`http://a.example/\r\nhttps://a.example/${'x'.repeat(3000)}`);
    expect(plain.up()).toEqual([same('http://a.example/')]);
  });

  it('are whole where a line never ends, and none of it is found twice', async () => {
    const count = 700;
    const address = (at: number) => `http://a.example/${at}`;
    const { up } = await terminalWith(Array.from({ length: count }, (_, at) => address(at)).join(' '), 20);
    expect(up()).toEqual(Array.from({ length: count }, (_, at) => same(address(count - 1 - at))));
    // Where one piece of it ends, an address in an address is no link either.
    const within = 'http://a.example/?to=http://b.example/';
    const cut = await terminalWith(`${'y'.repeat(300 * 20 - 11)} ${within}`, 20);
    expect(cut.up()).toEqual([same(within)]);
  });

  it('are looked for no further than the next one, among ten thousand', async () => {
    const numbers = Array.from({ length: 10_000 }, (_, at) => at);
    const { xterm, find } = await terminalWith(numbers.map((at) => `http://a.example/${at}`).join('\r\n'));
    const { active } = xterm.buffer;
    const looks = vi.spyOn(active, 'getLine');
    const newest = find({ x: xterm.cols, y: active.length - 1 }, 'up');
    expect(newest?.address).toBe('http://a.example/9999');
    expect(find(newest?.from ?? { x: 0, y: 0 }, 'up')?.address).toBe('http://a.example/9998');
    expect(looks.mock.calls.length).toBeLessThan(30);
    // Of a program's own, as many as are kept; none has the address of another.
    const kept = await terminalWith(
      numbers.map((at) => hidden(`https://a.example/${at}`, `link-${at}`)).join('\r\n'),
    );
    const found = kept.up();
    expect(found).toHaveLength(2000);
    for (const [text, address] of found) expect(address).toBe(text?.replace('link-', 'https://a.example/'));
  });

  it('are copied as one line of printable characters, whatever a program put into the address', async () => {
    const { all } = await terminalWith(
      ['https://a.example/\u007F\u202E\u200B x', 'x:a\u007F b\u2028', 'ssh://a\u202E.example/']
        .map((address) => hidden(address, 'x'))
        .join(' '),
    );
    const addresses = all('up').map(({ address }) => address);
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses) expect(address).toMatch(/^[\u0020-\u007E]+$/);
  });
});
