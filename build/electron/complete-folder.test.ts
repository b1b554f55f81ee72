import { mkdtemp, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Failure } from '../command-line.ts';
import { completeFolder, isComplete } from './complete-folder.ts';
import { downloadVerified, fileIntegrity } from './verified-download.ts';

const lost: Failure = {
  ok: false,
  code: 'connection_lost',
  message: 'The connection was lost.',
  next: 'Again.',
};
const content = 'the real thing\n'.repeat(1000);

let place: string;
let folder: string;
let lines: string[];
const log = (line: string) => void lines.push(line);

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'caisey-complete-'));
  folder = join(place, '33.2.1');
  lines = [];
});

afterEach(() => rm(place, { recursive: true, force: true }));

async function fill(empty: string): Promise<undefined> {
  await mkdir(join(empty, 'locales'));
  await writeFile(join(empty, 'electron'), content);
  await writeFile(join(empty, 'locales', 'en.pak'), 'en');
}

describe('a folder that is whole or absent', () => {
  it('is made once and then left alone', async () => {
    let fills = 0;
    const counted = (empty: string) => {
      fills += 1;
      return fill(empty);
    };
    await completeFolder(folder, log, counted);
    await completeFolder(folder, log, counted);
    expect(fills).toBe(1);
    expect(await isComplete(folder)).toBe(true);
  });

  it('leaves nothing behind when making it fails, and is made from nothing next time', async () => {
    const failure = await completeFolder(folder, log, async (empty) => {
      await writeFile(join(empty, 'half'), 'ha');
      return lost;
    });
    expect(failure).toBe(lost);
    expect(await readdir(place)).toEqual([]);
    expect(await completeFolder(folder, log, fill)).toBeUndefined();
    expect((await readdir(folder)).toSorted()).toEqual(['electron', 'locales']);
  });

  it('is made again from scratch, and says so, when a file in it was cut short', async () => {
    await completeFolder(folder, log, fill);
    await truncate(join(folder, 'electron'), 100);
    expect(await isComplete(folder)).toBe(false);
    await completeFolder(folder, log, fill);
    expect(lines.join()).toContain('is not whole');
    expect(await readFile(join(folder, 'electron'), 'utf8')).toBe(content);
  });

  it('does not take a half made one for whole, and clears away what a killed run left', async () => {
    await mkdir(folder);
    await writeFile(join(folder, 'electron'), content.slice(0, 10));
    // No process has this number: Linux ends at 4194304.
    await mkdir(join(place, 'assembling-99999999'));
    await completeFolder(folder, log, fill);
    expect(await readdir(place)).toEqual(['33.2.1', '33.2.1.complete']);
    expect(await readFile(join(folder, 'electron'), 'utf8')).toBe(content);
  });
});

describe('a verified download', () => {
  /** Each try gives the next of these contents, or no file. */
  async function download(tries: readonly (string | undefined)[]) {
    const whole = join(place, 'whole');
    await writeFile(whole, content);
    const left = [...tries];
    return downloadVerified({
      folder: join(place, 'download'),
      integrity: await fileIntegrity(whole),
      tries: tries.length,
      log,
      fetch: async (into) => {
        expect(await readdir(into)).toEqual([]);
        const text = left.shift();
        if (text === undefined) return lost;
        const path = join(into, 'package.tgz');
        await writeFile(path, text);
        return { ok: true, path };
      },
    });
  }

  it('tries again from an empty folder after half a file, and keeps the whole one', async () => {
    const result = await download([content.slice(0, 5000), content]);
    expect(result).toMatchObject({ ok: true });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/broken or was changed.*Trying again from scratch/);
  });

  it('tries again after a lost connection', async () => {
    expect(await download([undefined, content])).toMatchObject({ ok: true });
  });

  it('fails, and never hands over the file, when it stays wrong', async () => {
    const changed = content.replace('real', 'fake');
    expect(await download([changed, changed])).toMatchObject({ ok: false, code: 'electron_download_broken' });
  });
});
