import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MACHINE_NAME_MAX_LENGTH, parseMachineName } from './machine-name.ts';
import { hasHidden, shownText } from './plain-text.ts';

const HOSTILE = [
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200d',
  '\ufeff',
  '\u00ad',
  '\u034f',
  '\u3164',
  '\u2800',
  '\ufe0f',
  '\u{e0041}',
  '\ue000',
  '\ud83d',
  '\u0000',
  '\u001b[2J',
  '\u001b]0;x\u0007',
  '\u0085',
  '\u2028',
  '\r\n',
  '\u0301\u0301\u0301\u0301',
];
const PLAIN = [
  'WEST-',
  'PRINT',
  '01',
  ' ',
  '\u00a0',
  '<img src=x>',
  '"',
  "'",
  '&amp;',
  'é',
  'e\u0301',
  '日本',
  '%s',
];
const text = fc
  .array(fc.constantFrom(...HOSTILE, ...PLAIN, ...PLAIN), { maxLength: 40 })
  .map((parts) => parts.join(''));

/** What a terminal, a screen or a reader of the log would act upon. */
const ACTS = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u3164\u2800]|\u034f|\ufe0f/u;

describe('a machine’s name', () => {
  it('is inert or refused: 10,000 hostile ones', () => {
    let taken = 0;
    fc.assert(
      fc.property(text, (hostile) => {
        const parsed = parseMachineName(hostile);
        if (!parsed.ok) return parsed.code === 'name_invalid' && parsed.detail !== undefined;
        taken += 1;
        const { name } = parsed;
        const again = parseMachineName(name);
        return (
          !ACTS.test(name) &&
          name.length <= MACHINE_NAME_MAX_LENGTH &&
          name.trim() === name &&
          again.ok &&
          again.name === name
        );
      }),
      { numRuns: 10_000 },
    );
    expect(taken).toBeGreaterThan(500);
    expect(parseMachineName('x'.repeat(10_240))).toMatchObject({ code: 'name_invalid' });
  });

  it('keeps what people write', () => {
    for (const name of ['WEST-PRINT-01', 'Réception 2', '受付-01', 'R&D "lab" 100%', '<b>x</b>', 'สำนักงาน']) {
      expect(parseMachineName(name)).toEqual({ ok: true, name });
    }
  });
});

describe('text that cannot be refused', () => {
  it('is shown with the place of everything hidden', () => {
    fc.assert(
      fc.property(text, (hostile) => {
        const shown = shownText(hostile);
        return !ACTS.test(shown) && !hasHidden(shown) && shownText(shown) === shown;
      }),
      { numRuns: 2000 },
    );
    expect(shownText('a\u202eb\u001b[2J')).toBe('a\ufffdb\ufffd[2J');
  });
});
