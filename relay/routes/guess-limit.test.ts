import { describe, expect, it } from 'vitest';
import { GuessLimit, networkOf } from './guess-limit.ts';

describe('the limit on guessed codes', () => {
  const answered = (limit: GuessLimit, ips: readonly (string | null)[]) =>
    ips.filter((ip) => limit.take(ip).ok).length;

  it('counts each address for itself, and all of them together', () => {
    let now = 0;
    const limit = new GuessLimit(() => now);
    expect(answered(limit, Array<string>(1000).fill('203.0.113.7'))).toBe(20);
    expect(answered(limit, ['198.51.100.1', null])).toBe(2);
    expect(limit.take('198.51.100.1')).toEqual({ ok: true, limitedBefore: 0 });
    const many = Array.from({ length: 3000 }, (_, index) => `10.${index >> 8}.${index & 255}.1`);
    expect(answered(limit, many)).toBe(177);
    now += 5000;
    expect(limit.take('203.0.113.7')).toMatchObject({ ok: true });
    expect(limit.take('203.0.113.7')).toMatchObject({ ok: false });
  });

  it('takes a network of IPv6 for one caller', () => {
    const one = ['2001:db8:1:2::1', '2001:0DB8:1:2:ffff:0:0:9', '2001:db8:1:2:3:4:5:6'];
    expect(new Set(one.map(networkOf))).toEqual(new Set(['2001:db8:1:2']));
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0');
    expect(networkOf('::1')).toBe('0:0:0:0');
    expect(networkOf('203.0.113.7')).toBe('203.0.113.7');
  });
});
