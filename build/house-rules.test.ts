import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { houseRuleBreaches } from './house-rules.ts';

const files: Readonly<Record<string, string>> = {
  'renderer/features/lamps/index.ts': `export { lamp } from './lamp.ts';`,
  'renderer/features/lamps/lamp.ts': `import { button } from '../../design/button.ts';`,
  'renderer/features/doors/door.ts': `import { lamp } from '../lamps/index.ts';`,
  'renderer/app/through-the-door.ts': `import { lamp } from '../features/lamps/index.ts';`,
  'renderer/app/by-the-window.ts': `import {\n  lamp,\n} from '../features/lamps/lamp.ts';`,
  'renderer/app/later.ts': `const lamp = await import('../features/lamps/lamp.ts');`,
  'renderer/app/long.css': 'a {}\n'.repeat(401),
  'renderer/design/button.ts': `import './button.module.css';`,
  'renderer/design/upwards.ts': `import { lamp } from '../features/lamps/index.ts';`,
  'renderer/design/button.test.ts': `import { example } from '../testing/example.ts';`,
  'renderer/design/sideways.ts': `import { example } from '../testing/example.ts';`,
  'renderer/gallery/lamps.ts': `import { lamp } from '../features/lamps/index.ts';`,
  'test/system/lamp.test.ts': `import { lamp } from '../../renderer/features/lamps/lamp.ts';`,
};

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'caisey-house-rules-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe('the house rules', () => {
  it('name the line of each breach, and nothing else', async () => {
    const breaches = await houseRuleBreaches(root);
    expect([...breaches].sort()).toEqual([
      'renderer/app/by-the-window.ts:3: the feature "lamps" is known by its index.ts alone, not by lamp.ts',
      'renderer/app/later.ts:1: the feature "lamps" is known by its index.ts alone, not by lamp.ts',
      'renderer/app/long.css:401: 401 lines, at most 400',
      'renderer/design/sideways.ts:1: design may not use testing',
      'renderer/design/upwards.ts:1: design may not use features',
      'renderer/features/doors/door.ts:1: a feature imports the feature "lamps"; compose them in renderer/app',
    ]);
  });
});
