// `npm run pictures`: every view and state of the gallery, in both themes.
// Needs no display: without one it starts one, as root it changes to an ordinary user.
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { logToStderr, readOptions } from '../../build/command-line.ts';
import { repositoryRoot } from '../../build/repository-root.ts';
import { openGallery } from '../harness/gallery.ts';
import { onScreen } from '../harness/on-screen.ts';

const USAGE = `usage: npm run pictures -- [options]

  --docs   renew docs/images/gallery from the pictures

Pictures of every view and state are saved under .story/gallery.`;
const PICTURES = '.story/gallery';
const DOCS = 'docs/images/gallery';

const options = readOptions(USAGE, { docs: { type: 'boolean' } });
const log = logToStderr;

const code = await onScreen(
  { module: 'test/e2e/pictures-cli.ts', args: [], bring: ['.story'], log },
  takePictures,
);
if (code === 0 && options.docs === true) await renewDocs();
process.exit(code);

async function takePictures(): Promise<number> {
  const folder = join(repositoryRoot, PICTURES);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const gallery = await openGallery();
  try {
    let bytes = 0;
    for (const name of gallery.names) {
      for (const theme of ['dark', 'light'] as const) {
        await gallery.setTheme(theme);
        await gallery.show(name);
        const png = await gallery.page.screenshot();
        await writeFile(join(folder, `${name}-${theme}.png`), png);
        const picture = await asWebp(gallery.page, png);
        bytes += picture.length;
        await writeFile(join(folder, `${name}-${theme}.webp`), picture);
      }
    }
    log(`${gallery.names.length} states in two themes, ${(bytes / 1e6).toFixed(1)} MB`);
    for (const error of gallery.errors) log(error);
    return gallery.errors.length === 0 ? 0 : 1;
  } finally {
    await gallery.dispose();
  }
}

/** A third of a PNG's size; Chromium has the encoder. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const webp = await page.evaluate(async (base64) => {
    const answer = await fetch(`data:image/png;base64,${base64}`);
    const bitmap = await createImageBitmap(await answer.blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  }, png.toString('base64'));
  return Buffer.from(webp, 'latin1');
}

async function renewDocs(): Promise<void> {
  const to = join(repositoryRoot, DOCS);
  await rm(to, { recursive: true, force: true });
  const filter = (file: string) => !file.endsWith('.png');
  await cp(join(repositoryRoot, PICTURES), to, { recursive: true, filter });
  log(`${DOCS} renewed`);
}
