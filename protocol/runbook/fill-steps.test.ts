import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillSteps, lineText, templateProblem } from './fill-steps.ts';
import { RunbookParameter, valueProblem } from './runbook-parameter.ts';
import { quoteFor, shellKind } from './shell-quote.ts';
import { isValuePattern, matchesPattern } from './value-pattern.ts';

const any: RunbookParameter = {
  name: 'queue',
  description: '',
  default: null,
  required: true,
  takes: { kind: 'any' },
};
const problemOf = (step: string) => templateProblem({ steps: [step], parameters: [any] });

describe('a template', () => {
  it('has places where a quoted word is a mere word', () => {
    for (const step of [
      'lpstat {{queue}}',
      'lpstat --queue={{queue}} -l',
      String.raw`printf '%s\n' "a b" {{queue}} | wc -c`,
      'echo $(lpstat {{queue}}); true',
      'wc -c <<< {{queue}}',
      'grep -v {{queue}} /etc/hosts',
      'sudo systemctl restart {{queue}}',
      'sudo -u lp cancel {{queue}}',
      'env LANG=C lpstat {{queue}}',
      'find /var -name {{queue}} -exec ls -l',
      'if test -f {{queue}}; then cat {{queue}}; fi',
      'dd if={{queue}} count=1',
      'ls . {{queue}}',
    ])
      expect(problemOf(step), step).toBeNull();
  });

  it('has none where it would be code, or another word', () => {
    for (const step of [
      '{{queue}}',
      'true; {{queue}}',
      'true && {{queue}}',
      'echo $({{queue}})',
      'echo $( {{queue}})',
      'echo "{{queue}}"',
      `echo '{{queue}}'`,
      'echo "a {{queue}} b"',
      'echo $((1 + {{queue}} ))',
      'echo ${x:- {{queue}} }',
      'echo `ls {{queue}}`',
      'echo \\{{queue}}',
      `echo $'\\' {{queue}}'`,
      String.raw`echo '\\' {{queue}} '`,
      'echo x{{queue}}',
      'echo {{queue}}x',
      '# {{queue}}',
      'cat << {{queue}}',
      'eval {{queue}}',
      'sh -c {{queue}}',
      'sudo bash -c {{queue}}',
      'ssh host ls {{queue}}',
      '[[ {{queue}} -gt 5 ]]',
      '[ -v {{queue}} ]',
      'test -v {{queue}}',
      '[ {{queue}} -eq 5 ]',
      '[ 5 -lt {{queue}} ]',
      ...['declare -i', 'typeset', 'local', 'readonly', 'export', 'export -i', 'integer'].map(
        (word) => `${word} n={{queue}}`,
      ),
      ...['read', 'unset', 'printf -v', 'mapfile', 'getopts a', 'wait -n -p'].map(
        (word) => `${word} {{queue}}`,
      ),
      'printf -v {{queue}} x',
      'printf {{queue}}',
      "printf '%s %*d' {{queue}}",
      'alias x={{queue}}',
      '. {{queue}}',
      'true; . {{queue}}',
      'PROMPT_COMMAND={{queue}}',
      'SECONDS={{queue}} true',
      "A='b c' {{queue}}",
      'cmd /c {{queue}}',
      'cmd.exe /c echo {{queue}}',
      'watch ls {{queue}}',
      ...['if', 'while', 'until', '! time'].map((word) => `${word} {{queue}}; then true; fi`),
      ...['then', 'do', 'else', 'elif'].map((word) => `if true; ${word} {{queue}}; fi`),
      ...['sudo', 'env', 'exec', 'command', 'nohup', 'time', 'xargs', '/usr/bin/sudo'].map(
        (word) => `${word} {{queue}}`,
      ),
      'sudo -n -u lp {{queue}}',
      "sudo -p 'who is' {{queue}}",
      'env A=b -i {{queue}}',
      'env LD_PRELOAD={{queue}} ls',
      'ls | xargs -n 1 {{queue}}',
      'timeout 5s {{queue}}',
      'nice -n 5 {{queue}}',
      'find . -exec {{queue}} x',
    ])
      expect(problemOf(step), step).not.toBeNull();
  });

  it('declares what it uses and uses what it declares', () => {
    expect(templateProblem({ steps: ['ls {{other}}'], parameters: [any] })).toContain('not declared');
    expect(templateProblem({ steps: ['ls'], parameters: [any] })).toContain('No step uses');
    expect(templateProblem({ steps: ['ls {{queue}}'], parameters: [any, any] })).toContain('twice');
    // Without parameters nothing is filled in: braces of other tools stay.
    expect(templateProblem({ steps: ["docker ps --format '{{json}}'"], parameters: [] })).toBeNull();
  });
});

describe('a value', () => {
  it('that hides something or steers a terminal is refused', () => {
    for (const value of [
      'a\nb',
      'a\rb',
      'a\tb',
      '\u001B[2J',
      'a\u202Eb',
      'a\u200Bb',
      '\u0085',
      'a\u00A0b',
      '\uD800',
      '\u0000',
    ])
      expect(valueProblem(any, value), JSON.stringify(value)).toContain('line break');
    expect(valueProblem(any, '')).toContain('needed');
    expect(valueProblem(any, '-rf')).toContain('option');
    expect(valueProblem(any, 'x'.repeat(201))).toContain('longer');
    expect(valueProblem(any, `it's $(all) "data" \`now\` \\ !! ünï`)).toBeNull();
  });

  it('is one of those allowed, or looks like the pattern', () => {
    const oneOf: RunbookParameter = { ...any, takes: { kind: 'one_of', values: ['main', '-a'] } };
    expect([valueProblem(oneOf, '-a'), valueProblem(oneOf, 'other')]).toEqual([
      null,
      'One of these: main, -a.',
    ]);
    const matching: RunbookParameter = { ...any, takes: { kind: 'matching', pattern: '[a-z]{2,4}-\\d+' } };
    expect(['ab-1', 'abcd-12'].map((value) => valueProblem(matching, value))).toEqual([null, null]);
    for (const value of ['a-1', 'abcde-1', 'ab-', 'ab-1x', 'AB-1'])
      expect(valueProblem(matching, value), value).not.toBeNull();
    expect(RunbookParameter.safeParse({ ...matching, default: 'zz' }).success).toBe(false);
  });

  it('stands in its line as one quoted word, others wait', () => {
    const two = [any, { ...any, name: 'user' }];
    const { lines, problems } = fillSteps(
      { steps: ['lprm -U {{user}} {{queue}}'], parameters: two },
      { queue: "it's" },
      'posix',
    );
    expect(lines.map(lineText)).toEqual([String.raw`lprm -U {{user}} 'it'\''s'`]);
    expect(Object.keys(problems)).toEqual(['user']);
  });

  it('never ends a quote of PowerShell, whatever quotes it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("'", '’', '‘', '‚', '‛', 'a', '$', '`', '(', ' ')), (parts) => {
        const quoted = quoteFor('powershell', parts.join(''));
        const inner = quoted.slice(1, -1);
        expect(inner.replaceAll(/(['‘’‚‛])\1/g, '').match(/['‘’‚‛]/g)).toBeNull();
        expect(inner.replaceAll(/(['‘’‚‛])\1/g, '$1')).toBe(parts.join(''));
      }),
    );
    const step = { steps: ['ls {{queue}}'], parameters: [any] };
    for (const value of ['a"b', 'C:\\a b\\'])
      expect(Object.keys(fillSteps(step, { queue: value }, 'powershell').problems)).toEqual(['queue']);
  });
});

describe('a pattern', () => {
  it('matches as the regular expression does', () => {
    const atom = fc.constantFrom('a', '[ab]', '[^a]', '.', String.raw`\d`);
    const count = fc.constantFrom('', '*', '+', '?', '{2}', '{1,3}', '{2,}');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(atom, count), { minLength: 1, maxLength: 5 }),
        fc.array(fc.constantFrom('a', 'b', '1'), { maxLength: 8 }),
        (atoms, characters) => {
          const pattern = atoms.map((pair) => pair.join('')).join('');
          const value = characters.join('');
          expect(matchesPattern(pattern, value)).toBe(new RegExp(`^(?:${pattern})$`, 'su').test(value));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('has no groups, alternatives or counts that cannot be, and is never slow', () => {
    for (const pattern of ['', '(a+)+', 'a|b', '[z-a]', 'a{3,1}', '*', '[', 'a\\', '(?=a)', '^a$'])
      expect(isValuePattern(pattern), pattern).toBe(false);
    const started = Date.now();
    expect(matchesPattern('.*'.repeat(50) + 'x', 'a'.repeat(200))).toBe(false);
    expect(Date.now() - started).toBeLessThan(1000);
  });
});

it('knows how a shell quotes by its name alone', () => {
  expect(['/bin/bash', '/usr/bin/fish', 'C:\\Windows\\PowerShell.exe', 'pwsh'].map(shellKind)).toEqual([
    'posix',
    'fish',
    'powershell',
    'powershell',
  ]);
  expect(['/bin/tcsh', 'cmd.exe', '', '/opt/constructor'].map(shellKind)).toEqual([null, null, null, null]);
});
