import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EvidenceFiles } from './evidence-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caisey-evidence-files-'));
});
/** Stands for paper: what was to be printed, and that it was. */
const print = async (htmlFile: string, pdfFile: string) =>
  writeFile(pdfFile, `printed ${await readFile(htmlFile, 'utf8')}`);
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('an evidence file', () => {
  it('is written under another name until it is whole, for its owner’s eyes', async () => {
    const window = {};
    const files = new EvidenceFiles({ askPath: async (_window, name) => join(folder, name), print });
    expect(await files.begin(window, 'night.ndjson')).toEqual({ ok: true, name: 'night.ndjson' });
    await files.append(window, 'one\n');
    await files.append(window, 'two\n');
    expect(await readdir(folder)).toEqual(['night.ndjson.part']);
    expect(await files.end(window)).toEqual({ ok: true, name: 'night.ndjson' });
    expect(await readFile(join(folder, 'night.ndjson'), 'utf8')).toBe('one\ntwo\n');
    expect((await stat(join(folder, 'night.ndjson'))).mode & 0o777).toBe(0o600);
    expect(await files.append(window, 'three\n')).toMatchObject({ ok: false });
  });

  it('is printed where it is a report, and the page for it goes', async () => {
    const window = {};
    const files = new EvidenceFiles({ askPath: async (_window, name) => join(folder, name), print });
    await files.begin(window, 'night.pdf');
    await files.append(window, '<p>');
    expect(await readdir(folder)).toEqual(['night.pdf.part.html']);
    expect(await files.end(window)).toEqual({ ok: true, name: 'night.pdf' });
    expect(await readdir(folder)).toEqual(['night.pdf']);
    expect(await readFile(join(folder, 'night.pdf'), 'utf8')).toBe('printed <p>');
  });

  it('leaves nothing when it is given up, begun anew, or has no place to be', async () => {
    const window = {};
    let path: string | null = join(folder, 'a.ndjson');
    const files = new EvidenceFiles({ askPath: async () => path, print });
    await files.begin(window, 'a.ndjson');
    path = join(folder, 'b.ndjson');
    await files.begin(window, 'b.ndjson');
    expect(await readdir(folder)).toEqual(['b.ndjson.part']);
    await files.cancel(window);
    path = null;
    expect(await files.begin(window, 'c.ndjson')).toEqual({ ok: true, name: null });
    path = join(folder, 'missing', 'd.ndjson');
    expect(await files.begin(window, 'd.ndjson')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('ENOENT'),
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
