import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasHidden } from '#protocol/plain-text.ts';
import { RunbookParameter } from '#protocol/runbook/runbook-parameter.ts';
import { fromMarkdown, toMarkdown } from './runbook-markdown.ts';

const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => `x${text.replaceAll(/\s/g, ' ').trimEnd()}`)
  .filter((text) => !hasHidden(text));
const shortLine = line.map((text) => text.trim().slice(0, 40).trim());
const tricky = fc.constantFrom(
  '```',
  '````sh',
  '# no title',
  '\\```',
  '  ```',
  '   \\~~~~',
  '~~~ sh',
  '- ```',
  '1. > ```sh',
  '>```',
  '\t```',
  '     - ```',
  '  optional',
  'a: b',
  '`',
  '  one of: x',
);
const value = fc.oneof(shortLine, fc.constantFrom('-a', '`', 'a: b', "it's", '```', '# x', '\\'));
const parameter = fc
  .record({
    name: fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/),
    description: fc.oneof(fc.constant(''), value),
    required: fc.boolean(),
    takes: fc.oneof(
      fc.constant({ kind: 'any' as const }),
      fc.record({
        kind: fc.constant('one_of' as const),
        values: fc.array(value, { minLength: 1, maxLength: 4 }),
      }),
      fc.record({
        kind: fc.constant('matching' as const),
        pattern: fc.constantFrom('.*', '[a-z]{1,3}', '\\d+'),
      }),
    ),
    first: fc.nat(),
  })
  .map(({ first, name, description, required, takes }) => ({
    name,
    description,
    required,
    takes,
    default: takes.kind === 'one_of' ? (takes.values[first % 5] ?? null) : null,
  }))
  .filter((one) => RunbookParameter.safeParse(one).success);

describe('a runbook as Markdown', () => {
  it('is read back as it was written, whatever its steps, its text and its parameters hold', () => {
    fc.assert(
      fc.property(
        line,
        fc.array(fc.oneof(line, tricky, fc.constant('')), { maxLength: 5 }),
        fc.array(
          fc.oneof(
            line,
            tricky.filter((text) => !/\t/.test(text)),
          ),
          { minLength: 1, maxLength: 20 },
        ),
        fc.uniqueArray(parameter, { selector: ({ name }) => name, maxLength: 5 }),
        fc.boolean(),
        (title, about, steps, parameters, irreversible) => {
          const runbook = {
            title,
            description: about.join('\n').trim(),
            steps: [...steps, ...parameters.map(({ name }) => `use --it={{${name}}} now`)],
            parameters,
            irreversible,
          };
          expect(fromMarkdown(toMarkdown(runbook))).toEqual({ ok: true, runbook });
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('says what is wrong with it, by a code, and what to do', () => {
    const broken: readonly (readonly [string, string, string])[] = [
      ['```\nls\n```', 'runbook_no_title', 'no title'],
      ['# A\n\nls', 'runbook_no_steps', 'no steps'],
      ['# A\n```sh {.x}\nls\n```\nrm it\n```\nls\n```', 'runbook_fence_words', '{.x}'],
      ['# A\n```c++\nls\n```', 'runbook_fence_words', 'c++'],
      ['# A\n```sh irreversibel\nls\n```', 'runbook_fence_words', 'irreversibel'],
      ['# A\n```parameters irreversible\nq: x\n```', 'runbook_fence_words', 'parameters'],
      ['# A\n\n- Do:\n  ```sh\n  ls\n  ```\n- ```\n  rm it\n  ```', 'runbook_fence_place', 'Line 7:'],
      ['# A\n```\nls\n```\n1. Do\n\n    ```\n    ls\n    ```', 'runbook_fence_place', 'Line 7:'],
      ['# A\n> ```\n> ls\n> ```', 'runbook_fence_place', 'Line 2:'],
      ['# A\n>   1) ~~~\nls', 'runbook_fence_place', 'Line 2:'],
      ['# A\n\t```\n\tls\n\t```', 'runbook_fence_place', 'spaces in'],
      ['# A\n```\nls\n    ```', 'runbook_open_fence', 'not closed'],
      ['# A\n````\nls\n```', 'runbook_open_fence', 'not closed'],
      ['# A\n```\nls\n~~~', 'runbook_open_fence', 'not closed'],
      ['# A\n```\nls', 'runbook_open_fence', 'not closed'],
      [`# A\n\`\`\`\n${'ls\n'.repeat(51)}\`\`\``, 'runbook_limits', 'steps'],
      ['# A\n```\nls \u202e\n```', 'runbook_limits', 'cannot be seen'],
      ['# A\n```parameters\nqueue\n```\n```\nls {{queue}}\n```', 'runbook_parameters', 'name: what it is'],
      ['# A\n```parameters\nQ: x\n```\n```\nls\n```', 'runbook_parameters', 'no name'],
      ['# A\n```parameters\nq: x\n  secret\n```\n```\nls {{q}}\n```', 'runbook_parameters', 'secret'],
      [
        '# A\n```parameters\nq: x\n  matching: (a|b)\n```\n```\nls {{q}}\n```',
        'runbook_parameters',
        'pattern',
      ],
      [
        '# A\n```parameters\nq: x\n  one of: a\n  default: b\n```\n```\nls {{q}}\n```',
        'runbook_parameters',
        'default',
      ],
      ['# A\n```parameters\nq: x\n```\n```\nls "{{q}}"\n```', 'runbook_places', 'outside quotes'],
      ['# A\n```parameters\nq: x\n```\n```\nls {{q}} {{r}}\n```', 'runbook_places', 'not declared'],
    ];
    for (const [text, code, why] of broken)
      expect(fromMarkdown(text), text).toMatchObject({
        ok: false,
        code,
        why: expect.stringContaining(why),
        next: expect.stringMatching(/./),
      });
  });

  it('takes what people write: several fences, text between them, empty lines', () => {
    expect(
      fromMarkdown('# Disk\n\nLook first.\n\n```\ndf -h\n\n```\n\nThen:\n\n```sh\ndu -sh /var\n```\n'),
    ).toEqual({
      ok: true,
      runbook: {
        title: 'Disk',
        description: 'Look first.',
        steps: ['df -h', 'du -sh /var'],
        parameters: [],
        irreversible: false,
      },
    });
  });

  it('reads fences as CommonMark does: up to three spaces in, of tildes too, with what is less far in inside', () => {
    const steps = (text: string) => {
      const read = fromMarkdown(`# A\n${text}\n`);
      return read.ok ? read.runbook.steps : read;
    };
    expect(steps('   ```sh\n   ls\n     ls\n ls\n  ```\n')).toEqual(['ls', '  ls', 'ls']);
    expect(steps('~~~ sh\nls\n```\n~~~~  \n ```\nrm it\n```')).toEqual(['ls', '```', 'rm it']);
    expect(steps('```\nls\n    ```\n``` x\n````')).toEqual(['ls', '    ```', '``` x']);
    // Not fences: too few marks, a backtick behind them, none at the beginning.
    expect(steps('``\nno\n``\n``` a`b\nno ```\n```\nls\n```')).toEqual(['ls']);
  });

  it('is irreversible in whatever way a fence says so', () => {
    for (const info of [
      'sh irreversible',
      'sh Irreversible',
      ' Bash  IRREVERSIBLE ',
      'irreversible',
      'irreversible sh',
    ])
      expect(fromMarkdown(`# A\n\`\`\`${info}\nls\n\`\`\`\n`), info).toMatchObject({
        ok: true,
        runbook: { steps: ['ls'], irreversible: true },
      });
  });
});
