import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromMarkdown, toMarkdown } from './runbook-markdown.ts';

const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => `x${text.replaceAll(/\s/g, ' ').trimEnd()}`);

describe('a runbook as Markdown', () => {
  it('is read back as it was written, whatever its steps hold', () => {
    fc.assert(
      fc.property(
        line,
        fc.array(fc.oneof(line, fc.constantFrom('```', '````sh', '# no title')), { minLength: 1 }),
        (title, steps) => {
          const runbook = { title, description: 'What it is for.', steps };
          expect(fromMarkdown(toMarkdown(runbook))).toEqual({ ok: true, runbook });
        },
      ),
    );
  });

  it('says what is missing', () => {
    expect(fromMarkdown('```\nls\n```')).toMatchObject({
      ok: false,
      why: expect.stringContaining('no title'),
    });
    expect(fromMarkdown('# A\n\nls')).toMatchObject({ ok: false, why: expect.stringContaining('no steps') });
    expect(fromMarkdown('# A\n```\nls')).toMatchObject({
      ok: false,
      why: expect.stringContaining('not closed'),
    });
    expect(fromMarkdown(`# A\n\`\`\`\n${'ls\n'.repeat(51)}\`\`\``)).toMatchObject({ ok: false });
  });

  it('takes what people write: several fences, text between them, empty lines', () => {
    expect(
      fromMarkdown('# Disk\n\nLook first.\n\n```\ndf -h\n\n```\n\nThen:\n\n```sh\ndu -sh /var\n```\n'),
    ).toEqual({
      ok: true,
      runbook: { title: 'Disk', description: 'Look first.', steps: ['df -h', 'du -sh /var'] },
    });
  });
});
