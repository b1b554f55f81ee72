// Builds dist/: the console (main, preload, renderer), relay, agent and verifier, each from its one entry.
// A part whose sources are unchanged is skipped; a part appears whole or not at all, so that a running system and a
// build beside it do not disturb each other.

import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { InlineConfig } from 'vite';
import { asciiScripts } from './ascii-scripts.ts';
import type { Failure, Log } from './command-line.ts';
import { contentHash, readStamp } from './content-hash.ts';
import { repositoryRoot } from './repository-root.ts';

export type PartName = 'main' | 'preload' | 'renderer' | 'relay' | 'agent' | 'verify';

interface Part {
  readonly name: PartName;
  /** Folders that its code may come from. */
  readonly sources: readonly string[];
  readonly entries: readonly string[];
  /** Where its files go, below the output folder. */
  readonly output: string;
  /** The file that shows that it was built. */
  readonly proof: string;
  readonly config: InlineConfig;
}

export interface BuildOptions {
  /** Allows loopback http, as `__DEVELOPMENT__` in the code. Fixed at build time: a shipped console cannot be talked into it. */
  readonly development: boolean;
  /** dist/ of the repository by default. */
  readonly outDir?: string;
  readonly only?: readonly PartName[];
  readonly log: Log;
}

/**
 * Chromium 130 and Node 20.18: the oldest Electron that the console must run on (see electron/registry.ts).
 */
const CONSOLE_NODE = 'node20';
const CONSOLE_CHROMIUM = 'chrome130';

/** A bundle that runs outside a browser page: everything inside it, but for `external`. */
function program(options: {
  readonly entry: string;
  readonly file: string;
  readonly format: 'es' | 'cjs';
  readonly target: string;
  readonly external: readonly (string | RegExp)[];
  readonly worker?: boolean;
}): InlineConfig {
  const worker = options.worker === true;
  return {
    ssr: {
      noExternal: true,
      target: worker ? 'webworker' : 'node',
      ...(worker ? { resolve: { conditions: ['workerd', 'worker', 'browser', 'module', 'import'] } } : {}),
    },
    build: {
      ssr: true,
      target: options.target,
      minify: false,
      rolldownOptions: {
        input: { [options.file.replace(/\.[cm]?js$/, '')]: join(repositoryRoot, options.entry) },
        external: [...options.external],
        output: { format: options.format, entryFileNames: options.file, codeSplitting: false },
      },
    },
  };
}

const nodeBuiltins = /^node:/;

const parts: readonly Part[] = [
  {
    name: 'main',
    sources: ['main', 'protocol', 'preload/contract'],
    entries: ['main/main.ts'],
    output: 'console',
    proof: 'console/main.js',
    config: program({
      entry: 'main/main.ts',
      file: 'main.js',
      format: 'es',
      target: CONSOLE_NODE,
      external: ['electron', nodeBuiltins],
    }),
  },
  {
    name: 'preload',
    sources: ['preload', 'protocol'],
    entries: ['preload/preload.ts'],
    output: 'console',
    proof: 'console/preload.cjs',
    config: program({
      entry: 'preload/preload.ts',
      file: 'preload.cjs',
      format: 'cjs',
      target: CONSOLE_CHROMIUM,
      external: ['electron'],
    }),
  },
  {
    name: 'renderer',
    sources: ['renderer', 'protocol', 'preload/contract'],
    entries: [
      'renderer/launcher.html',
      'renderer/add-clients.html',
      'renderer/workspace.html',
      'renderer/paste-warning.html',
    ],
    output: 'console/renderer',
    proof: 'console/renderer/workspace.html',
    config: {
      root: join(repositoryRoot, 'renderer'),
      base: './',
      build: {
        target: CONSOLE_CHROMIUM,
        // The content security policy allows no data: fonts and no inline script.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        // clerk-js alone is above Vite's limit, and a packaged page loads from disk.
        chunkSizeWarningLimit: 4000,
        rolldownOptions: {
          input: ['launcher.html', 'add-clients.html', 'workspace.html', 'paste-warning.html'].map((page) =>
            join(repositoryRoot, 'renderer', page),
          ),
        },
      },
    },
  },
  {
    name: 'relay',
    sources: ['relay', 'protocol'],
    entries: ['relay/worker.ts'],
    output: 'relay',
    proof: 'relay/worker.js',
    config: program({
      entry: 'relay/worker.ts',
      file: 'worker.js',
      format: 'es',
      target: 'es2024',
      external: [/^cloudflare:/, nodeBuiltins],
      worker: true,
    }),
  },
  {
    name: 'agent',
    sources: ['agent', 'protocol'],
    entries: ['agent/agent.ts'],
    output: 'agent',
    proof: 'agent/agent.js',
    config: program({
      entry: 'agent/agent.ts',
      file: 'agent.js',
      format: 'es',
      target: 'node24',
      external: ['@lydell/node-pty', nodeBuiltins],
    }),
  },
  {
    name: 'verify',
    sources: ['verify'],
    entries: ['verify/caisey-verify.ts'],
    output: 'verify',
    proof: 'verify/caisey-verify.mjs',
    config: program({
      entry: 'verify/caisey-verify.ts',
      file: 'caisey-verify.mjs',
      format: 'es',
      // Whoever checks evidence has some Node, not ours.
      target: 'node20',
      external: [nodeBuiltins],
    }),
  },
];

export const partNames: readonly PartName[] = parts.map((part) => part.name);

/**
 * Builds the parts whose sources have changed, two processors or so at a time, and says through `log` what it did.
 * Fails with `build_failed`, naming the part and the place in its source.
 */
export async function build(options: BuildOptions): Promise<Failure | undefined> {
  const chosen = parts.filter((part) => options.only?.includes(part.name) ?? true);
  const outDir = options.outDir ?? join(repositoryRoot, 'dist');
  // Vite reads NODE_ENV and, where there is none, sets it for good: neither a test run may leak into what is built,
  // nor the build into the tests that this process starts next.
  const nodeEnv = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    const failures = await Promise.all(chosen.map((part) => buildPart(part, outDir, options)));
    return failures.find((failure) => failure !== undefined);
  } finally {
    if (nodeEnv === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = nodeEnv;
  }
}

async function buildPart(
  part: Part,
  outDir: string,
  { development, log }: BuildOptions,
): Promise<Failure | undefined> {
  const startedMs = performance.now();
  const missing = part.entries.find((entry) => !existsSync(join(repositoryRoot, entry)));
  if (missing !== undefined) return failed(part, `its entry ${missing} is not there`);

  const stampFile = join(outDir, '.stamps', part.name);
  const stamp = await contentHash(
    repositoryRoot,
    [...part.sources, 'build/bundle.ts', 'build/ascii-scripts.ts', 'package.json', 'package-lock.json'],
    `development ${development}`,
  );
  if (existsSync(join(outDir, part.proof)) && (await readStamp(stampFile)) === stamp) {
    log(`${part.name}: unchanged`);
    return undefined;
  }

  const building = join(outDir, `.building-${part.name}-${process.pid}`);
  try {
    // Loaded only when there is something to build: an unchanged start should not wait for the bundler.
    const { build: viteBuild } = await import('vite');
    const { default: react } = await import('@vitejs/plugin-react');
    await viteBuild({
      root: repositoryRoot,
      ...part.config,
      plugins: part.name === 'renderer' ? [react(), asciiScripts()] : [],
      configFile: false,
      publicDir: false,
      mode: 'production',
      logLevel: 'warn',
      define: { __DEVELOPMENT__: JSON.stringify(development) },
      build: {
        ...part.config.build,
        outDir: building,
        emptyOutDir: true,
        sourcemap: development,
        reportCompressedSize: false,
        rolldownOptions: { ...part.config.build?.rolldownOptions, checks: { pluginTimings: false } },
      },
    });
    if (part.name === 'main') await writeConsolePackage(building);
    await rm(stampFile, { force: true });
    await publish(building, join(outDir, part.output), part.name === 'renderer');
    await mkdir(dirname(stampFile), { recursive: true });
    await writeFile(stampFile, stamp);
  } catch (error) {
    return failed(part, error instanceof Error ? error.message : String(error));
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  log(`${part.name}: built in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  return undefined;
}

/** Moves what was built to its place: a folder as a whole, or file by file where parts share a folder. */
async function publish(from: string, to: string, whole: boolean): Promise<void> {
  if (whole) {
    await mkdir(dirname(to), { recursive: true });
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
    return;
  }
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) await rename(join(from, name), join(to, name));
}

/** What Electron and electron-builder read of the application. Its version is the repository's. */
async function writeConsolePackage(folder: string): Promise<void> {
  const { default: repository } = await import('../package.json', { with: { type: 'json' } });
  const description = {
    name: repository.name,
    productName: 'Caisey Console',
    version: repository.version,
    description: repository.description,
    license: repository.license,
    author: 'Caisey',
    type: 'module',
    main: 'main.js',
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(description, undefined, 2)}\n`);
}

function failed(part: Part, detail: string): Failure {
  return {
    ok: false,
    code: 'build_failed',
    message: `${part.name} could not be built: ${detail}`,
    next: 'Mend the source it names; `npm run check` shows type errors that a build does not.',
  };
}
