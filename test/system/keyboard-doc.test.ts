import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../../build/repository-root.ts';
import { chordsOf, keyRows } from '../../renderer/design/keys/key-table.ts';

const NAMES: Readonly<Record<string, string>> = {
  Control: 'Ctrl',
  Escape: 'Esc',
  Delete: 'Del',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Slash: '/',
  Comma: ',',
  Equal: '=',
  Minus: '-',
};

it('docs/keyboard.md lists every key of the table, as it is bound', async () => {
  const written = await readFile(join(repositoryRoot, 'docs/keyboard.md'), 'utf8');
  const spelled = (chord: string) =>
    chord
      .split('+')
      .map((part) => NAMES[part] ?? part.replace(/^(?:Key|Digit)/, ''))
      .join('+');
  const missing = keyRows
    .map(
      ({ action, does }) =>
        `| ${does} | ${chordsOf(action)
          .map((chord) => `\`${spelled(chord)}\``)
          .join(', ')} |`,
    )
    .filter((row) => !written.replaceAll(/ +\|/g, ' |').includes(row));
  expect(missing).toEqual([]);
});
