import { Terminal } from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { linksOf } from './link-search.ts';
import { TextSelection } from './text-selection.ts';
import type { Towards } from './link-search.ts';
import type { SelectableTerminal, SelectionStep } from './text-selection.ts';

const LINES = ['first line', 'a 日本 word', 'job invoice-4471 held', '', 'last'];

/** The headless terminal selects nothing: what would be selected is read from its buffer. */
async function terminalWith(lines: readonly string[]) {
  const xterm = new Terminal({ cols: 24, rows: 3, scrollback: 50, allowProposedApi: true });
  await new Promise<void>((resolve) => xterm.write(lines.join('\r\n'), resolve));
  let selected = '';
  const text = (y: number, from?: number, to?: number) =>
    xterm.buffer.active.getLine(y)?.translateToString(true, from, to) ?? '';
  const terminal: SelectableTerminal = {
    rows: xterm.rows,
    cols: xterm.cols,
    buffer: xterm.buffer,
    select: (column, row, length) => {
      const end = row * xterm.cols + column + length;
      const parts: string[] = [];
      for (let y = row; y * xterm.cols < end; y += 1) {
        parts.push(text(y, y === row ? column : 0, Math.min(xterm.cols, end - y * xterm.cols)));
      }
      selected = parts.join('\n');
    },
    selectLines: (from, to) => {
      selected = Array.from({ length: to - from + 1 }, (_, line) => text(from + line)).join('\n');
    },
    clearSelection: () => {
      selected = '';
    },
    scrollToLine: (line) => xterm.scrollToLine(line),
    scrollToBottom: () => xterm.scrollToBottom(),
    registerMarker: (offset) => xterm.registerMarker(offset),
  };
  const selection = new TextSelection(terminal, linksOf(xterm));
  const after = (...steps: readonly (SelectionStep | `+${SelectionStep}`)[]) => {
    for (const step of steps) selection.move(step.replace('+', '') as SelectionStep, step.startsWith('+'));
    return selected;
  };
  const print = (more: string) => new Promise<void>((resolve) => xterm.write(more, resolve));
  return {
    selection,
    after,
    print,
    selected: () => selected,
    viewportY: () => xterm.buffer.active.viewportY,
  };
}

describe('TextSelection', () => {
  it('chooses whole lines, and shows the one it goes to', async () => {
    const { selection, after, viewportY } = await terminalWith(LINES);
    expect(after('up', 'up')).toBe('job invoice-4471 held');
    expect(after('+up')).toBe('a 日本 word\njob invoice-4471 held');
    expect(selection.lines).toBe(2);
    expect(after('first')).toBe('first line');
    expect(viewportY()).toBe(0);
    expect(after('last')).toBe('last');
    expect(after('+pageUp')).toBe('job invoice-4471 held\n\nlast');
    selection.end();
    expect(viewportY()).toBe(2);
  });

  it('chooses characters as soon as one goes sideways, word by word where asked', async () => {
    const { selection, after } = await terminalWith(LINES);
    expect(after('up', 'up', 'right')).toBe('j');
    expect(selection.lines).toBeNull();
    expect(after('wordRight')).toBe('b');
    expect(after('right', 'right')).toBe('i');
    expect(after('+wordRight')).toBe('invoice-4471');
    expect(after('+left')).toBe('invoice-447');
    expect(after('lineEnd')).toBe('d');
    expect(after('+wordLeft', '+wordLeft')).toBe('invoice-4471 held');
    expect(after('+lineStart')).toBe('job invoice-4471 held');
    expect(after('+up')).toBe('a 日本 word\njob invoice-4471 held');
  });

  it('takes a wide character as one, and goes on in the next line', async () => {
    const { after } = await terminalWith(LINES);
    expect(after('up', 'up', 'up', 'right', 'right', 'right')).toBe('日');
    expect(after('+right')).toBe('日本');
    expect(after('lineEnd', 'right')).toBe('j');
    expect(after('left')).toBe('d');
  });

  it('stays within what there is', async () => {
    const { after } = await terminalWith(['one']);
    expect(after('up', 'left', 'left', 'left', 'left', 'left')).toBe('o');
    expect(after('lineEnd', 'wordRight')).toBe('e');
    expect(after('pageUp', '+last')).toContain('e');
  });

  it('goes to links, from the line where it stands, and back to text with the next step', async () => {
    const { selection, after, selected, viewportY } = await terminalWith([
      'http://a.example/1 x',
      'please open http://a.example/2, now',
      ...LINES,
      'http://a.example/3',
    ]);
    const to = (towards: Towards) => [selection.moveToLink(towards), selected(), selection.link?.address];
    const three = 'http://a.example/3';
    expect(to('up')).toEqual([true, three, three]);
    expect(selection.lines).toBeNull();
    // Over two rows: both are shown.
    expect(to('up')).toEqual([true, 'http://a.exa\nmple/2', 'http://a.example/2']);
    expect(viewportY()).toBe(1);
    expect(to('up')).toEqual([true, 'http://a.example/1', 'http://a.example/1']);
    expect(to('up')).toEqual([false, 'http://a.example/1', 'http://a.example/1']);
    expect(to('down')[2]).toBe('http://a.example/2');
    expect(to('down')[2]).toBe(three);
    expect(to('down')).toEqual([false, three, three]);
    expect(after('left')).toBe('/');
    expect(selection.link).toBeNull();
    // One that it stands in is above.
    expect(to('up')[2]).toBe(three);
    expect(after('up', 'lineStart')).toBe('l');
    expect(to('down')[2]).toBe(three);
  });

  it('stays with its text while a full scrollback drops lines', async () => {
    // 53 lines are kept.
    const { after, print, selection } = await terminalWith(Array.from({ length: 60 }, (_, n) => `line ${n}`));
    expect(after('up', 'up')).toBe('line 57');
    await print('\r\nmore\r\nand more');
    expect(after('+up')).toBe('line 56\nline 57');
    await print('\r\nmore http://a.example/');
    expect(after('lineEnd', '+wordLeft')).toBe('56');
    await print('\r\nx'.repeat(200));
    expect(after('+up')).toBe('x');
    selection.end();
  });
});
