// Values that the relay fills into runbooks, read back by the shells that machines run.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { valueProblem } from '#protocol/runbook/runbook-parameter.ts';
import { quoteFor, shellKind } from '#protocol/runbook/shell-quote.ts';
import { DrivenSession } from '../testing/driven-session.ts';
import { shellPath } from '../testing/shell-path.ts';

const SHELLS: readonly (readonly [name: string, before: string, args: readonly string[]])[] = [
  // As at a prompt: `!` recalls what was typed before.
  ['bash', 'set -o history; set -H\n', []],
  ['zsh', 'setopt banghist rcquotes extendedglob\n', ['-f']],
  ['fish', '', ['--no-config']],
  ['dash', '', []],
];

const sharp = fc.oneof(
  fc.constantFrom(...Array.from(`'"\\$\`!(){}[]*?~#&;|<>=^% -’üß日`)),
  fc.constantFrom("\\'", "''", '$(id)', '`id`', '${HOME}', '!!', '$?', "'; id; '"),
);
const hostile = fc
  .array(fc.oneof({ weight: 4, arbitrary: sharp }, fc.string({ unit: 'grapheme', maxLength: 4 })), {
    minLength: 1,
    maxLength: 24,
  })
  .map((parts) => parts.join('').slice(0, 200))
  .filter(
    (value) => valueProblem({ required: true, takes: { kind: 'one_of', values: [value] } }, value) === null,
  );

const folder = mkdtempSync(join(tmpdir(), 'quoted-value-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(SHELLS)('in %s', (name, before, args) => {
  const shell = shellPath(name);
  const kind = shellKind(name);
  if (shell === null || kind === null) throw new Error(`no ${name} here`);

  it('a quoted value is read back byte for byte', () => {
    let seen = 0;
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 40, maxLength: 60 }), (values) => {
        const lines = values.map((value) => `printf '%s\\0' ${quoteFor(kind, value)}\n`);
        const script = join(folder, name);
        writeFileSync(script, `${before}${lines.join('')}`);
        // Without programs and in a folder of its own: a value that gets out of its quotes harms nothing.
        const ran = spawnSync(shell, [...args, script], {
          cwd: folder,
          env: { PATH: '/nonexistent', LANG: 'C.UTF-8', HOME: '/nonexistent' },
        });
        expect(ran.stdout.toString('utf8').split('\0').slice(0, -1)).toEqual(values);
        seen += values.length;
      }),
      { numRuns: 40 },
    );
    expect(seen).toBeGreaterThanOrEqual(1600);
  });
});

describe.each(['bash', 'zsh', 'fish'])('at a prompt of %s', (name) => {
  const shell = shellPath(name) ?? '';
  const kind = shellKind(name);
  if (kind === null) throw new Error(`no quotes of ${name}`);
  const driven = new DrivenSession({ shell, files: { '.zshrc': "PS1='$ '\n", '.profile': "PS1='$ '\n" } });
  afterAll(() => driven.dispose());

  it('a typed line with a quoted value does what it says, and is reported as it was typed', async () => {
    driven.connect();
    await driven.run('true');
    const file = join(driven.home, 'value');
    for (const value of [
      `it's; touch ${driven.home}/pwned #`,
      '$(touch pwned) `touch pwned` ${HOME} $HOME',
      '!! !-1 !$ !touch ^true^false',
      String.raw`\' \\' \n \x41 \\ '\'' ''`,
      '* ? ~ [a-z] {a,b} <(ls) =ls >x 2>&1 & | ;',
      '日本語 ünï 👍 "double" ’typographic’',
      "'",
      '\\',
    ]) {
      rmSync(file, { force: true });
      const line = `printf %s ${quoteFor(kind, value)} > value`;
      await driven.run(line);
      expect(readFileSync(file, 'utf8')).toBe(value);
      expect(driven.commands().at(-1)?.line).toBe(line);
      expect(driven.finished().at(-1)?.exitCode).toBe(0);
    }
    await driven.run('ls pwned');
    expect(driven.finished().at(-1)?.exitCode).not.toBe(0);
  });
});
