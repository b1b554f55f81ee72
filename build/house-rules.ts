import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

const MAX_LINES = 400;

/**
 * The rules of the house that the linter cannot say: style sheets have the same limit of lines as code, a feature of
 * the renderer never imports another feature, and of a feature others know its index.ts alone. Tests outside of the
 * renderer may look inside. Returns one line for each breach, as `file:line: reason`.
 */
export async function houseRuleBreaches(root: string): Promise<readonly string[]> {
  return [...(await longStyleSheets(root)), ...(await importsIntoFeatures(root))];
}

async function longStyleSheets(root: string): Promise<readonly string[]> {
  const breaches: string[] = [];
  for await (const file of glob('renderer/**/*.css', { cwd: root })) {
    const lines = (await readFile(join(root, file), 'utf8')).trimEnd().split('\n').length;
    if (lines > MAX_LINES) breaches.push(`${file}:${MAX_LINES + 1}: ${lines} lines, at most ${MAX_LINES}`);
  }
  return breaches;
}

async function importsIntoFeatures(root: string): Promise<readonly string[]> {
  const features = join(root, 'renderer', 'features');
  const breaches: string[] = [];
  for await (const file of glob('renderer/**/*.{ts,tsx}', { cwd: root })) {
    const path = join(root, file);
    const lines = (await readFile(path, 'utf8')).split('\n');
    for (const [index, line] of lines.entries()) {
      const specifier = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/.exec(line)?.[1];
      if (specifier === undefined) continue;
      const imported = placeIn(features, resolve(dirname(path), specifier));
      const importer = placeIn(features, path);
      if (imported === null || imported.feature === importer?.feature) continue;
      if (importer !== null) {
        breaches.push(
          `${file}:${index + 1}: a feature imports the feature "${imported.feature}"; compose them in renderer/app`,
        );
      } else if (imported.file !== 'index.ts') {
        breaches.push(
          `${file}:${index + 1}: the feature "${imported.feature}" is known by its index.ts alone, not by ${imported.file}`,
        );
      }
    }
  }
  return breaches;
}

/** The feature that a file belongs to, and its path inside of it; null: to none. */
function placeIn(features: string, path: string): { readonly feature: string; readonly file: string } | null {
  const [feature = '', ...file] = relative(features, path).split(sep);
  return feature === '..' || feature === '' ? null : { feature, file: file.join('/') };
}
