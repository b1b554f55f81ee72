import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot } from './repository-root.ts';

const folders = [
  'protocol',
  'preload/contract',
  'preload',
  'main',
  'renderer',
  'relay',
  'agent',
  'local',
  'verify',
  'build',
  'test',
];

/** What each folder may use: the arrows of the design, and the control of this test. */
const allowed: readonly (readonly [string, string])[] = [
  ['main', `import '#protocol/part.ts';`],
  ['main', `import '#contract/part.ts';`],
  ['main', `import 'node:fs';`],
  ['preload', `import '#contract/part.ts';`],
  ['renderer', `import '#protocol/part.ts';`],
  ['renderer', `import '#contract/part.ts';`],
  ['renderer', `document.title = '';`],
  ['relay', `import '#protocol/part.ts';`],
  ['agent', `import '#protocol/part.ts';`],
  ['agent', `import 'node:fs';`],
  ['local', `import '../build/part.ts';`],
  ['verify', `import 'node:crypto';`],
  ['test', `import '../main/part.ts';`],
];

const forbidden: readonly (readonly [string, string])[] = [
  ['protocol', `import '../main/part.ts';`],
  ['protocol', `import '../preload/contract/part.ts';`],
  ['protocol', `import { readFile } from 'node:fs';`],
  ['protocol', `process.exit();`],
  ['protocol', `document.title = '';`],
  ['preload/contract', `import { readFile } from 'node:fs';`],
  ['preload/contract', `document.title = '';`],
  ['preload', `import '../main/part.ts';`],
  ['preload', `import '../renderer/part.ts';`],
  ['main', `import '../renderer/part.ts';`],
  ['main', `import '../preload/part.ts';`],
  ['main', `import '../relay/part.ts';`],
  ['main', `import '../agent/part.ts';`],
  ['main', `import '../local/part.ts';`],
  ['main', `import '../build/part.ts';`],
  ['main', `import '../test/part.ts';`],
  ['main', `document.title = '';`],
  ['renderer', `import '../main/part.ts';`],
  ['renderer', `import '../preload/part.ts';`],
  ['renderer', `import '../relay/part.ts';`],
  ['renderer', `import '../local/part.ts';`],
  ['renderer', `import '../test/part.ts';`],
  ['renderer', `import { readFile } from 'node:fs';`],
  ['renderer', `process.exit();`],
  ['relay', `import '../agent/part.ts';`],
  ['relay', `import '../main/part.ts';`],
  ['relay', `import '../local/part.ts';`],
  ['relay', `import '../test/part.ts';`],
  ['relay', `document.title = '';`],
  ['agent', `import '../relay/part.ts';`],
  ['agent', `import '../main/part.ts';`],
  ['agent', `import '../local/part.ts';`],
  ['agent', `import '../test/part.ts';`],
  ['verify', `import '#protocol/part.ts';`],
  ['verify', `import '../relay/part.ts';`],
  ['local', `import '../main/part.ts';`],
  ['local', `import '../relay/part.ts';`],
  ['local', `import '../agent/part.ts';`],
];

let place: string;
let findings: string;

/** A project of the same shape as the repository: its own tsconfig files, and next to nothing in each folder. */
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'caisey-boundaries-'));
  await symlink(join(repositoryRoot, 'node_modules'), join(place, 'node_modules'));
  const configs = ['tsconfig.json', ...folders.map((folder) => join(folder, 'tsconfig.json'))];
  for (const path of ['package.json', 'tsconfig.base.json', ...configs]) {
    await cp(join(repositoryRoot, path), join(place, path));
  }
  for (const folder of folders) {
    await mkdir(join(place, folder), { recursive: true });
    await writeFile(join(place, folder, 'part.ts'), 'export const part = 1;\n');
  }
  const write = (kind: string, cases: typeof allowed) =>
    cases.map(([folder, line], index) =>
      writeFile(join(place, folder, `${kind}-${index}.ts`), `${line}\nexport {};\n`),
    );
  await Promise.all([...write('allowed', allowed), ...write('forbidden', forbidden)]);
  findings = await promisify(execFile)(
    process.execPath,
    [join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc'), '-b', '--pretty', 'false'],
    { cwd: place },
  ).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
});

afterAll(() => rm(place, { recursive: true, force: true }));

describe('the compiler', () => {
  it.each(forbidden.map(([folder, line], index) => ({ folder, line, index })))(
    'refuses in $folder: $line',
    ({ folder, index }) => {
      expect(findings).toContain(`${folder}/forbidden-${index}.ts(`);
    },
  );

  it('has nothing against what the design allows', () => {
    expect(findings.split('\n').filter((line) => line.includes('/allowed-'))).toEqual([]);
  });
});
