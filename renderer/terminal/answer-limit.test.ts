import { expect, it } from 'vitest';
import { AnswerLimit } from './answer-limit.ts';

it('lets programs ask what they need, and nobody ask without end', () => {
  let now = 0;
  const limit = new AnswerLimit(() => now);
  const sent = (asked: number) => Array.from({ length: asked }, () => limit.take()).filter(Boolean).length;
  expect(sent(100)).toBe(100);
  expect(sent(10_000)).toBe(156);
  now = 1000;
  expect(sent(10_000)).toBe(64);
  now = 500;
  expect(sent(10)).toBe(0);
  now = 600_000;
  expect(sent(10_000)).toBe(256);
});
