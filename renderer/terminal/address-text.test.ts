import { describe, expect, it } from 'vitest';
import { addressesIn } from './address-text.ts';

const found = (text: string) => addressesIn(text).map(({ start, end }) => text.slice(start, end));

describe('addresses in a text', () => {
  it('are those of http and https, whatever letters they are of', () => {
    expect(found('To sign in, open https://microsoft.com/devicelogin and enter A1B2')).toEqual([
      'https://microsoft.com/devicelogin',
    ]);
    expect(found('HTTP://10.0.0.1:8080/?a=1&b=%20#x http://[::1]:80/ git+https://a.example/x.git')).toEqual([
      'HTTP://10.0.0.1:8080/?a=1&b=%20#x',
      'http://[::1]:80/',
      'https://a.example/x.git',
    ]);
    expect(found('https://bücher.example/日本 https://a.example/x。')).toEqual([
      'https://bücher.example/日本',
      'https://a.example/x',
    ]);
    expect(found('ftp://a.example file:///etc/passwd http:/a https:// www.a.example')).toEqual([]);
  });

  it('end before what is the sentence’s, not theirs', () => {
    for (const around of [
      '%.',
      '%, and',
      '(%)',
      '[%]',
      '"%"',
      "'%',",
      '<%>',
      '`%`',
      '{%}',
      '│%│',
      '%…',
      '*%*',
      '[x](%).',
      '%:',
    ])
      expect(found(around.replace('%', 'https://a.example/x')), around).toEqual(['https://a.example/x']);
    expect(found('(https://a.example/Foo_(bar)_[1]).')).toEqual(['https://a.example/Foo_(bar)_[1]']);
    expect(found('https://a.example/x,https://b.example/y;http://c.example')).toEqual([
      'https://a.example/x',
      'https://b.example/y',
      'http://c.example',
    ]);
    expect(found('https://archive.example/2026/https://a.example/x')).toHaveLength(1);
  });
});
