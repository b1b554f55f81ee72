import { expect, it } from 'vitest';
import { isReportOf } from './redaction.ts';

it('a redacted line is a report of the lines that it may have been', () => {
  expect(isReportOf('ls -la', 'ls -la')).toBe(true);
  expect(isReportOf('ls -la', 'ls -l')).toBe(false);
  expect(isReportOf('x -p[redacted] db', 'x -phunter2 db')).toBe(true);
  expect(isReportOf('x -p[redacted]', 'x -phunter2')).toBe(true);
  expect(isReportOf('A=[redacted] B=[redacted] make', 'A=1 B=2 make')).toBe(true);
  expect(isReportOf('A=[redacted] B=[redacted] make', 'A=1 C=2 make')).toBe(false);
  expect(isReportOf('ab[redacted]bc', 'abc')).toBe(false);
  expect(isReportOf('[redacted]', '[redacted]')).toBe(true);
});
