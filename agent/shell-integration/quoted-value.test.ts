// Values that the relay fills into runbooks, read back by the shells that machines run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fillSteps, lineText, templateProblem } from '#protocol/runbook/fill-steps.ts';
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

/** Where a shell may read a quoted word as code. */
const PLACES = [
  '[[ {{v}} -gt 5 ]]',
  '[[ 5 -lt {{v}} ]]',
  '[[ -v {{v}} ]]',
  '[ -v {{v}} ]',
  'test -v {{v}}',
  '[ {{v}} -eq 5 ]',
  '[ 5 -eq {{v}} ]',
  '[ 5 -ge {{v}} -o 1 ]',
  'declare -i n=',
  'typeset -i n=',
  'integer n=',
  'readonly -i n=',
  'export n=',
  'export -i n=',
  'n=',
  'SECONDS=',
  'RANDOM=',
  'OPTIND=',
  'HISTSIZE=',
  'PS4=',
  'alias x=',
  'declare ',
  'typeset ',
  'readonly ',
  'export ',
  'local ',
  'read ',
  'unset ',
  'let ',
  'let n=',
  'mapfile ',
  'readarray ',
  'getopts a ',
  'printf -v ',
  'eval ',
  'eval echo ',
  'set ',
  'set -A ',
  'return ',
  'exit ',
  'shift ',
  'break ',
  'continue ',
  'test ',
  'test -t ',
  'test -n ',
  'case x in ',
  'echo ',
  'echo --n=',
  'cd ',
  'kill ',
  'umask ',
  'ulimit ',
  'type ',
  'command -v ',
  'hash ',
  'print ',
  '. ',
  'source ',
  'exec ',
  'command ',
  'builtin ',
  'time ',
  'wait ',
  'wait -p ',
  'jobs ',
  'fg ',
  'bg ',
  'printf %s ',
  "printf '%d' ",
  'printf %5s ',
  'print -P ',
  'string match ',
  'math ',
  'random ',
  'history ',
  'pushd ',
  'dirs ',
  'disown ',
  'suspend ',
  'times ',
  'logout ',
  'enable ',
  'help ',
  'bind ',
  'sleep ',
  'printf -v {{v}} x',
  "printf '%*s' {{v}} x",
  'getopts a {{v}} -a',
  'read {{v}} <<< x',
  'trap {{v}} EXIT',
  'for n in {{v}}; do true; done',
  'case {{v}} in x) true ;; esac',
  'f() { local n; return {{v}} ; }; f',
].map((place) => (place.includes('{{v}}') ? place : `${place}{{v}}`));

it('a template has no place where one of these shells runs what a value holds', () => {
  const ran: string[] = [];
  const unseen: string[] = [];
  const marker = join(folder, 'ran');
  for (const place of PLACES)
    for (const [name, before, args] of SHELLS)
      // With builtins alone, in a folder of its own: all it does is make an empty file there.
      for (const value of ['path[$(echo >ran)]', '$(echo >ran)']) {
        const kind = shellKind(name) ?? 'posix';
        const parameter = { name: 'v', description: '', default: null, required: true } as const;
        const template = { steps: [place], parameters: [{ ...parameter, takes: { kind: 'any' } as const }] };
        const script = join(folder, name);
        const [line = []] = fillSteps(template, { v: value }, kind).lines;
        writeFileSync(script, `${before}${lineText(line)}\n`);
        spawnSync(shellPath(name) ?? '', [...args, script], {
          cwd: folder,
          input: '',
          timeout: 10_000,
          env: { PATH: '/nonexistent', LANG: 'C.UTF-8', HOME: '/nonexistent' },
        });
        if (!existsSync(marker)) continue;
        rmSync(marker);
        ran.push(place);
        if (templateProblem(template) === null) unseen.push(`${name}: ${lineText(line)}`);
      }
  expect(unseen).toEqual([]);
  // Each of these is really one, or the test shows nothing.
  for (const place of [
    '[[ {{v}} -gt 5 ]]',
    'declare -i n={{v}}',
    'test -v {{v}}',
    'read {{v}}',
    'eval {{v}}',
  ])
    expect(ran).toContain(place);
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
