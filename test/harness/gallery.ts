// The gallery in the console's own Chromium: every view and state with made-up data, in either theme.
import { createReadStream, rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import type { Page } from '@playwright/test';
import { repositoryRoot } from '../../build/repository-root.ts';
import { ConsoleApp } from './console-app.ts';
import { consoleExecutable } from './stage.ts';

export type Theme = 'dark' | 'light';

export interface Gallery {
  readonly page: Page;
  /** What can be shown, in the gallery's order. */
  readonly names: readonly string[];
  /** Shows one and waits until it is drawn. */
  readonly show: (name: string) => Promise<void>;
  /** Of what is shown now and after. */
  readonly setTheme: (theme: Theme) => Promise<void>;
  /** What no code of the page caught so far, each with the state that was shown. */
  readonly errors: readonly string[];
  readonly dispose: () => Promise<void>;
}

const SIZE = { width: 1280, height: 820 };
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export async function openGallery(): Promise<Gallery> {
  const folder = await mkdtemp(join(tmpdir(), 'caisey-gallery-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const pages = join(folder, 'pages');
  await buildGallery(pages);
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://gallery').pathname);
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    createReadStream(join(pages, path))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}/gallery/index.html`;

  const configFile = join(folder, 'console.json');
  // Nobody signs in: neither place is ever asked.
  const nowhere = Buffer.from(`127.0.0.1:${port}$`).toString('base64');
  await writeFile(
    configFile,
    JSON.stringify({ publishableKey: `pk_test_${nowhere}`, relayUrl: `http://127.0.0.1:${port}` }),
  );
  const executable = await consoleExecutable();
  const console = await ConsoleApp.launch({ executable, configFile, userDataDir: join(folder, 'user') });
  await console.launcher();
  const opened = console.application.waitForEvent('window');
  await console.application.evaluate(
    ({ BrowserWindow }, { size, url }) => {
      const window = new BrowserWindow({
        ...size,
        useContentSize: true,
        webPreferences: { partition: 'gallery', sandbox: true },
      });
      void window.loadURL(url);
    },
    { size: SIZE, url: address },
  );
  const page = await opened;
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(`${new URL(page.url()).hash}: ${message}`));
  const links = page.getByRole('link');
  await links.first().waitFor();
  const names = await links.allTextContents();
  return {
    page,
    names,
    errors,
    setTheme: (colorScheme) => page.emulateMedia({ colorScheme, reducedMotion: 'reduce' }),
    show: (name) =>
      page.evaluate(async (to) => {
        location.hash = to;
        await document.fonts.ready;
        // Drawn, and what an effect drew after it as well.
        const { dataset } = document.documentElement;
        for (let frame = 0; frame < 3 || 'pressing' in dataset; frame += 1)
          await new Promise(requestAnimationFrame);
      }, name),
    dispose: async () => {
      await console.dispose();
      server.closeAllConnections();
      server.close();
      remove();
      process.off('exit', remove);
    },
  };
}

async function buildGallery(outDir: string): Promise<void> {
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  const root = join(repositoryRoot, 'renderer');
  await build({
    root,
    base: './',
    configFile: false,
    publicDir: false,
    plugins: [react()],
    mode: 'production',
    logLevel: 'warn',
    define: { __DEVELOPMENT__: 'true' },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'chrome130',
      minify: false,
      chunkSizeWarningLimit: 8000,
      reportCompressedSize: false,
      rolldownOptions: { input: join(root, 'gallery/index.html'), checks: { pluginTimings: false } },
    },
  });
}
