import { describe, expect, it } from 'vitest';
import { linkText } from './link-text.ts';

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
  });
});
