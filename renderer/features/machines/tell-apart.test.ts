import { describe, expect, it } from 'vitest';
import { apartFrom, slipIn } from './tell-apart.ts';

const part = (name: string, span: { from: number; to: number } | null) =>
  span === null ? null : name.slice(span.from, span.to);

describe('telling names apart', () => {
  it('marks what differs between names that are alike, and nothing between others', () => {
    expect(part('WEST-PRINT-01', apartFrom('WEST-PRINT-01', 'west-print-02'))).toBe('1');
    expect(part('WEST-PRINT-12', apartFrom('WEST-PRINT-12', 'WEST-PRINT-21'))).toBe('12');
    expect(part('WEST-PRINT-1', apartFrom('WEST-PRINT-1', 'WEST-PRINT-10'))).toBe('');
    expect(apartFrom('WEST-PRINT-01', 'WEST-FS-01')).toBeNull();
    expect(apartFrom('FS-01', 'DC-02')).toBeNull();
    expect(apartFrom('WEST-01', 'west-01')).toBeNull();
  });

  it('marks the slip of a query in a name that is only close to it', () => {
    expect(part('WEST-PRINT-01', slipIn('WEST-PRINT-01', 'west prnit'))).toBe('IN');
    expect(part('WEST-PRINT-01', slipIn('WEST-PRINT-01', 'pront-01'))).toBe('I');
    expect(part('WEST-PRINT-01', slipIn('WEST-PRINT-01', 'prit'))).toBe('N');
    expect(slipIn('WEST-PRINT-01', 'print')).toBeNull();
  });
});
