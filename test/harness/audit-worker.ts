// The relay with a door for filling records by the thousand, bundled as build/bundle.ts bundles the relay itself.
import { join } from 'node:path';
import { build as viteBuild } from 'vite';
import { repositoryRoot } from '../../build/repository-root.ts';

export interface MeasuredWorker {
  readonly file: string;
  /** What it takes to collect garbage when asked. */
  readonly v8Flags: readonly string[];
}

/** @returns the worker, its file in this folder */
export async function buildAuditWorker(folder: string): Promise<MeasuredWorker> {
  await viteBuild({
    root: repositoryRoot,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { __DEVELOPMENT__: 'true' },
    ssr: {
      noExternal: true,
      target: 'webworker',
      resolve: { conditions: ['workerd', 'worker', 'browser', 'module', 'import'] },
    },
    build: {
      ssr: true,
      target: 'es2024',
      minify: false,
      outDir: folder,
      emptyOutDir: true,
      rolldownOptions: {
        input: { 'audit-worker': join(repositoryRoot, 'relay/testing/audit-worker.ts') },
        external: [/^cloudflare:/, /^node:/],
        output: { format: 'es', entryFileNames: 'audit-worker.js', codeSplitting: false },
      },
    },
  });
  return { file: join(folder, 'audit-worker.js'), v8Flags: ['--expose-gc'] };
}

/** So many events of a busy night, through the code that every event takes. */
export async function fillRecord(url: string, org: string, count: number, sign: 'yes' | 'no'): Promise<void> {
  const answer = await fetch(`${url}/bench/fill?org=${org}&count=${count}&sign=${sign}`);
  if (!answer.ok) throw new Error(`fill: ${answer.status} ${await answer.text()}`);
}

/** What nobody holds any more is given back before this returns. */
export async function collectGarbage(url: string, org: string): Promise<void> {
  const answer = await fetch(`${url}/bench/collect?org=${org}`);
  if (!answer.ok) throw new Error(`collect: ${answer.status} ${await answer.text()}`);
}

/** The same as before, unless the object left memory in between. */
export async function instanceOf(url: string, org: string): Promise<string> {
  const answer = await fetch(`${url}/bench/instance?org=${org}`);
  if (!answer.ok) throw new Error(`instance: ${answer.status} ${await answer.text()}`);
  return answer.text();
}
