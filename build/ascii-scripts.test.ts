import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { inAscii } from './ascii-scripts.ts';

it('a script in ASCII means what it meant', () => {
  const code =
    "const größe = 'wait… 😀'; [größe, `…${größe.length}`, /^[w…]+.*[😀]$/u.test(größe), /[àé]/i.test('É')]";
  const ascii = inAscii(code);
  expect(ascii).toMatch(/^[\x20-\x7e]+$/);
  expect(runInNewContext(ascii)).toEqual(runInNewContext(code));
});
