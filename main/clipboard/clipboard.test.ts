import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrgId } from '#protocol/ids.ts';
import { ClipboardLedger } from './ledger.ts';
import { decidePaste } from './paste-decision.ts';
import { sanitise } from './sanitise.ts';

const primary = OrgId.parse('org_2VxBvWYGxPGdCvksnMITjN4MLzP');
const westside = OrgId.parse('org_2NcrG06nygvGgnGJP8GD0WyIT41');
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\u001b[201~',
      '\u001b',
      '\u009b201~',
      '[201~',
      '\r\n',
      '\r',
      '\n',
      '\t',
      '\u202e',
      'é',
      '🧭',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }),
  ),
});

describe('sanitise', () => {
  it('lets no control character but tab and newline through, and no end of paste', () => {
    fc.assert(
      fc.property(hostile, (raw) => {
        const { text, bytes, lines } = sanitise(raw);
        for (const character of text) {
          const code = character.codePointAt(0) ?? 0;
          const control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
          expect(control && character !== '\n' && character !== '\t', JSON.stringify(text)).toBe(false);
        }
        expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
        expect(bytes).toBe(new TextEncoder().encode(text.toWellFormed()).length);
        expect(lines).toBeGreaterThan(0);
        expect(sanitise(text)).toMatchObject({ text, controlChars: 0 });
      }),
    );
  });

  it('lets none of 100,000 hostile pastes out of its brackets', () => {
    const runs = 100_000;
    let escapes = 0;
    fc.assert(
      fc.property(hostile, (raw) => {
        const { text } = sanitise(raw);
        const pasted = `\u001b[200~${text}\u001b[201~`;
        // The end that closes the paste is the only control sequence after its beginning.
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
        const inside = /[\u001b\u009b]/.test(pasted.slice(6, -6));
        if (inside || pasted.indexOf('\u001b[201~') !== pasted.length - 6) escapes += 1;
        return !inside;
      }),
      { numRuns: runs },
    );
    process.stdout.write(`pastes: ${runs}; escapes of bracketed paste: ${escapes}\n`);
    expect(escapes).toBe(0);
  }, 60_000);

  it('changes nothing of an ordinary text', () => {
    const text = 'sudo systemctl restart cups\n\tlpstat -p Büro 🧭\n';
    expect(sanitise(text)).toMatchObject({ text, lines: 2, controlChars: 0 });
  });
});

describe('decidePaste', () => {
  const command = 'systemctl restart cups';

  it("holds another workspace's text, also in a text field and changed by the clipboard", () => {
    const ledger = new ClipboardLedger();
    ledger.copied(primary, `${command}\nls\n`);
    for (const raw of [`${command}\nls\n`, `${command}\r\nls`, ` ${command}\nls \n`])
      for (const intoTerminal of [true, false])
        expect(decidePaste(ledger, westside, raw, intoTerminal)).toMatchObject({
          kind: 'held',
          reason: 'other_workspace',
          from: primary,
          report: { decision: 'blocked', provenance: 'other_workspace' },
        });
    expect(decidePaste(ledger, primary, `${command}\nls\n`, true).kind).toBe('text');
  });

  it('takes a text copied in both as belonging to both', () => {
    const ledger = new ClipboardLedger();
    ledger.copied(primary, command);
    ledger.copied(westside, command);
    expect(decidePaste(ledger, primary, command, true).kind).toBe('text');
    expect(decidePaste(ledger, westside, command, true).kind).toBe('text');
  });

  it('previews from outside what would run or hide', () => {
    const ledger = new ClipboardLedger();
    const held = [
      'rm \u200bfile',
      'l\u200ds',
      'caf\u00ade',
      'x\u{e0041}',
      'a\nb',
      'reboot\n',
      'ls\u001b[201~; reboot',
      'ls \u202egnirts',
      'x'.repeat(3000),
    ];
    for (const raw of held) {
      expect(decidePaste(ledger, westside, raw, true), raw.slice(0, 20)).toMatchObject({
        kind: 'held',
        reason: 'outside',
        from: null,
        report: { decision: 'previewed' },
      });
      expect(decidePaste(ledger, westside, raw, false).kind).toBe('text');
    }
    expect(decidePaste(ledger, westside, command, true)).toMatchObject({ kind: 'text', text: command });
    expect(decidePaste(ledger, westside, 'echo 👩‍💻 👩🏽‍🚀', true).kind).toBe('text');
    expect(decidePaste(ledger, westside, '\u001b\u0000', true).kind).toBe('empty');
  });

  it('forgets the oldest copies in the end, and those alone', () => {
    const ledger = new ClipboardLedger();
    for (let copy = 0; copy < 501; copy += 1) ledger.copied(primary, `text ${copy}`);
    expect(ledger.provenance(westside, 'text 0').kind).toBe('outside');
    expect(ledger.provenance(westside, 'text 1').kind).toBe('other_workspace');
  });
});
