import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copiedAddress, hostText, linkText } from './link-text.ts';

describe('the text for a link', () => {
  it('names the real host, not what stands before it or looks like it', () => {
    expect(linkText('https://good.example@evil.example:8443/good.example')).toContain(
      'to evil.example:8443.',
    );
    // A Cyrillic letter is not shown as the Latin one that it looks like.
    expect(linkText('https://\u0435xample.com/')).toContain('to xn--');
    expect(linkText(`https://${'a.'.repeat(90)}evil.example/`)).toMatch(/to ….{48}evil\.example\./);
    expect(linkText('javascript:alert(1)')).toContain('no host');
    expect(linkText('not an address')).toContain('no host');
    expect(hostText('mailto:ops@a.example')).toBe('no host (mailto:)');
    expect(hostText(`${'x'.repeat(500)}:y`).length).toBeLessThan(40);
  });
});

describe('what is copied of an address', () => {
  it('is the address, percent-encoded, or nothing where it is none', () => {
    expect(copiedAddress('https://microsoft.com/devicelogin')).toBe('https://microsoft.com/devicelogin');
    expect(copiedAddress('https://b\u00FCcher.example/\u65E5 \u202E?a=\u007F')).toBe(
      'https://xn--bcher-kva.example/%E6%97%A5%20%E2%80%AE?a=%7F',
    );
    expect(copiedAddress('not an address')).toBeNull();
    expect(copiedAddress('https://%')).toBeNull();
  });

  it('has no control character and nothing unseen, and leads to the host that is shown', () => {
    const scheme = fc.constantFrom('https://', 'http:', 'ssh://', 'mailto:', 'file:///', 'x:', '');
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(scheme, text, (before, after) => {
        const copied = copiedAddress(before + after);
        if (copied === null) return;
        expect(copied).toMatch(/^[\u0020-\u007E]+$/);
        expect(hostText(copied)).toBe(hostText(before + after));
      }),
      { numRuns: 2000 },
    );
  });
});
