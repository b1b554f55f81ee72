import { expect, it } from 'vitest';
import { InputQueue } from './input-queue.ts';

it('keeps what was typed before a session that already lived says where its input begins', () => {
  const queue = new InputQueue();
  queue.add(new Uint8Array([1, 2, 3]));
  queue.confirm(2);
  queue.startAt(500);
  queue.confirm(500);
  expect([...queue.from(500)]).toEqual([1, 2, 3]);
  expect(queue.add(new Uint8Array([4]))).toBe(503);
  queue.startAt(501);
  queue.confirm(502);
  expect([...queue.from(502)]).toEqual([3, 4]);
});
