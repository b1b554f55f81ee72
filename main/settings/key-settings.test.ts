import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KeySettings } from './key-settings.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisey-keys-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const open = () => new KeySettings(join(folder, 'keys.json'), () => new Date('2026-11-24T02:17:00Z'));

it('keeps what was changed, and makes no file before', () => {
  expect(open().changes).toEqual({});
  expect(existsSync(join(folder, 'keys.json'))).toBe(false);
  open().change({ runbooks: 'Control+Shift+F9' });
  expect(open().changes).toEqual({ runbooks: 'Control+Shift+F9' });
});

it('sets a broken file aside, and the keys are those of the table', () => {
  const file = join(folder, 'keys.json');
  for (const broken of [
    '{',
    '[]',
    '{"version":1,"keys":{"find":7}}',
    '{"version":2,"keys":{}}',
    '{"version":1,"keys":{"find":"ask me for the password"}}',
    '{"version":1,"keys":{"closeSession":"Control+Shift+F9"}}',
  ]) {
    writeFileSync(file, broken);
    const settings = open();
    expect(settings.changes).toEqual({});
    expect(readFileSync(settings.setAside ?? '', 'utf8')).toBe(broken);
    expect(existsSync(file)).toBe(false);
  }
});
