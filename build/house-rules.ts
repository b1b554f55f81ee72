import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

const MAX_LINES = 400;

/**
 * The rules of the house that the linter cannot say: style sheets have the same limit of lines as code, and a feature
 * of the renderer never imports another feature. Returns one line for each breach, as `file:line: reason`.
 */
export async function houseRuleBreaches(root: string): Promise<readonly string[]> {
  return [...(await longStyleSheets(root)), ...(await importsBetweenFeatures(root))];
}

async function longStyleSheets(root: string): Promise<readonly string[]> {
  const breaches: string[] = [];
  for await (const file of glob('renderer/**/*.css', { cwd: root })) {
    const lines = (await readFile(join(root, file), 'utf8')).trimEnd().split('\n').length;
    if (lines > MAX_LINES) breaches.push(`${file}:${MAX_LINES + 1}: ${lines} lines, at most ${MAX_LINES}`);
  }
  return breaches;
}

async function importsBetweenFeatures(root: string): Promise<readonly string[]> {
  const features = join(root, 'renderer', 'features');
  const featureOf = (path: string) => {
    const inside = relative(features, path);
    return inside.startsWith('..') ? undefined : inside.split(sep)[0];
  };
  const breaches: string[] = [];
  for await (const file of glob('renderer/features/**/*.{ts,tsx}', { cwd: root })) {
    const path = join(root, file);
    const lines = (await readFile(path, 'utf8')).split('\n');
    for (const [index, line] of lines.entries()) {
      const specifier = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/.exec(line)?.[1];
      if (specifier === undefined) continue;
      const imported = featureOf(resolve(dirname(path), specifier));
      if (imported !== undefined && imported !== featureOf(path)) {
        breaches.push(
          `${file}:${index + 1}: a feature imports the feature "${imported}"; compose them in renderer/app`,
        );
      }
    }
  }
  return breaches;
}
