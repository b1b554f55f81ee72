import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readRunbookFile } from './read-runbook-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'caisey-runbook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

it('reads text and says what is wrong with anything else', async () => {
  expect(await readRunbookFile(file('a.md', '# Ä\r\n'))).toEqual({ ok: true, name: 'a.md', text: '# Ä\r\n' });
  expect(await readRunbookFile(file('b.md', Uint8Array.of(0xff, 0xfe, 0x41)))).toMatchObject({
    code: 'file_not_text',
    text: expect.stringContaining('UTF-8'),
  });
  expect(await readRunbookFile(file('c.md', 'x'.repeat(1024 * 1024 + 1)))).toMatchObject({
    code: 'file_too_large',
  });
  expect(await readRunbookFile(folder)).toMatchObject({ code: 'file_unreadable' });
  expect(await readRunbookFile(join(folder, 'none.md'))).toMatchObject({
    code: 'file_unreadable',
    text: expect.stringContaining('Choose another'),
  });
});

it('reads no device, which would never end', async () => {
  expect(await readRunbookFile('/dev/zero')).toMatchObject({ code: 'file_unreadable' });
});
