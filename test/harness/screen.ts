import { createRequire } from 'node:module';
import type * as Graphemes from '@xterm/addon-unicode-graphemes';
import type * as Headless from '@xterm/headless';
import type { TerminalSize } from '#protocol/control/verbs.ts';

// Packages in CommonJS whose names Node cannot see from outside.
const require = createRequire(import.meta.url);
const { Terminal } = require('@xterm/headless') as typeof Headless;
const { UnicodeGraphemesAddon } = require('@xterm/addon-unicode-graphemes') as typeof Graphemes;

const SCROLLBACK_LINES = 5000;

/** A terminal as the console has it, without a window. */
export function openScreen(size: TerminalSize): Headless.Terminal {
  const screen = new Terminal({ ...size, scrollback: SCROLLBACK_LINES, allowProposedApi: true });
  screen.loadAddon(new UnicodeGraphemesAddon());
  return screen;
}

/** The rows on it, without what is above. */
export function screenText({ buffer, rows }: Headless.Terminal): string {
  const { active } = buffer;
  return Array.from({ length: rows }, (_, at) =>
    active.getLine(active.baseY + at)?.translateToString(true),
  ).join('\n');
}

/** Every cell of both buffers with its scrollback, cursor and modes; at most `limit` differences, in words. */
export function screenDifferences(one: Headless.Terminal, other: Headless.Terminal, limit = 10): string[] {
  const found: string[] = [];
  const compare = (what: string, a: unknown, b: unknown) => {
    const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
    if (left !== right && found.length < limit) found.push(`${what}: ${left} and ${right}`);
  };
  compare('size', [one.cols, one.rows], [other.cols, other.rows]);
  compare('buffer shown', one.buffer.active.type, other.buffer.active.type);
  compare('modes', modesOf(one), modesOf(other));
  for (const name of ['normal', 'alternate'] as const) {
    const [a, b] = [one.buffer[name], other.buffer[name]];
    compare(`${name}: cursor`, [a.cursorX, a.cursorY, a.baseY], [b.cursorX, b.cursorY, b.baseY]);
    compare(`${name}: lines`, a.length, b.length);
    for (let y = 0; y < Math.min(a.length, b.length) && found.length < limit; y += 1) {
      compare(`${name}: line ${y} wrapped`, a.getLine(y)?.isWrapped, b.getLine(y)?.isWrapped);
      for (let x = 0; x < one.cols; x += 1) {
        compare(
          `${name}: line ${y} column ${x}`,
          cellOf(a.getLine(y)?.getCell(x)),
          cellOf(b.getLine(y)?.getCell(x)),
        );
      }
    }
  }
  return found;
}

/** Spread, its getters would be left behind. */
function modesOf({ modes }: Headless.Terminal): unknown[] {
  return [
    modes.applicationCursorKeysMode,
    modes.applicationKeypadMode,
    modes.bracketedPasteMode,
    modes.insertMode,
    modes.mouseTrackingMode,
    modes.originMode,
    modes.reverseWraparoundMode,
    modes.sendFocusMode,
    modes.wraparoundMode,
  ];
}

function cellOf(cell: Headless.IBufferCell | undefined): unknown[] | null {
  if (cell === undefined) return null;
  return [
    cell.getChars(),
    cell.getWidth(),
    [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()],
    [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isBlink()],
    [cell.isInverse(), cell.isInvisible(), cell.isStrikethrough(), cell.isOverline()],
  ];
}
