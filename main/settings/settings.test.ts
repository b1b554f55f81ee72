import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrgId } from '#protocol/ids.ts';
import { derivedFrame } from '#protocol/workspace-frame.ts';
import { Settings } from './settings.ts';

const primary = OrgId.parse('org_2VxBvWYGxPGdCvksnMITjN4MLzP');
const westside = OrgId.parse('org_2NcrG06nygvGgnGJP8GD0WyIT41');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caisey-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (...configured: OrgId[]): Settings =>
  new Settings({
    file: join(folder, 'settings.json'),
    now: () => new Date('2026-11-24T02:17:00Z'),
    newInstallId: () => 'install-1',
    configured: configured.map((orgId) => ({ orgId, frame: derivedFrame(orgId) })),
  });

describe('Settings', () => {
  it('remembers across starts, keeps the order and prefers the remembered frame', () => {
    const frame = { ...derivedFrame(primary), code: 'PRIM', name: 'DentalCare_Primary' };
    open(primary).remember(primary, { frame, lastOpenedAt: 5 });
    const again = open(westside, primary);
    expect(again.installId).toBe('install-1');
    expect(again.workspaces.map(({ orgId }) => orgId)).toEqual([primary, westside]);
    expect(again.workspace(primary)).toMatchObject({ frame, lastOpenedAt: 5 });
    expect(again.setAside).toBeNull();
  });

  it('takes marks from outside, and never a name', () => {
    const frame = { ...derivedFrame(primary), name: 'DentalCare_Primary' };
    const settings = open(primary);
    settings.remember(primary, { frame });
    const foreign = { ...derivedFrame(westside), code: 'WEST', name: 'DentalCare_Westside' };
    const { colour, glyph } = foreign;
    expect(settings.rememberMarks(primary, foreign)).toEqual({ ...frame, colour, glyph, code: 'WEST' });
    expect(open().workspace(primary)?.frame).toEqual({ ...frame, colour, glyph, code: 'WEST' });
    expect(settings.rememberMarks(westside, foreign)).toBeNull();
  });

  it('sets a corrupt file aside untouched and starts afresh', () => {
    const file = join(folder, 'settings.json');
    for (const corrupt of ['{"version":1,', '[]', '{"version":2,"installId":"x","workspaces":[]}']) {
      writeFileSync(file, corrupt);
      const settings = open(westside);
      expect(settings.setAside).toBe(`${file}.corrupt-2026-11-24T02-17-00-000Z`);
      expect(readFileSync(settings.setAside ?? '', 'utf8')).toBe(corrupt);
      expect(settings.workspaces).toHaveLength(1);
    }
    expect(readdirSync(folder).toSorted()).toEqual([
      'settings.json',
      'settings.json.corrupt-2026-11-24T02-17-00-000Z',
    ]);
  });

  it('does not learn a workspace by remembering something of it', () => {
    const settings = open(westside);
    settings.remember(primary, { lastOpenedAt: 1 });
    expect(settings.workspace(primary)).toBeUndefined();
  });

  it('goes through the themes in turn, and forgets a workspace for good', () => {
    const settings = open(primary, westside);
    expect(settings.theme).toBe('system');
    expect([settings.nextTheme(), settings.nextTheme()]).toEqual(['dark', 'light']);
    settings.forget(primary);
    const again = open(westside);
    expect(again.theme).toBe('light');
    expect(again.workspaces.map(({ orgId }) => orgId)).toEqual([westside]);
    expect(again.nextTheme()).toBe('system');
    // A file of before there were themes.
    writeFileSync(join(folder, 'settings.json'), '{"version":1,"installId":"x","workspaces":[]}');
    expect(open().theme).toBe('system');
  });
});
