import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';

const MAX_LINES = 400;

/** Folders of the renderer, and those beside it that each may use. Tests may use `testing` as well. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  gallery: ['app', 'features', 'connection', 'design', 'terminal', 'testing'],
  app: ['features', 'connection', 'design', 'terminal'],
  features: ['connection', 'design', 'terminal'],
  connection: [],
  design: [],
  terminal: [],
  testing: ['connection'],
};

/**
 * The rules of the house that the linter cannot say: style sheets have the same limit of lines as code, imports of the
 * renderer go down its layers, a feature never imports another feature, and of a feature others know its index.ts
 * alone. Tests outside of the renderer may look inside. Returns one line for each breach, as `file:line: reason`.
 */
export async function houseRuleBreaches(root: string): Promise<readonly string[]> {
  return [...(await longStyleSheets(root)), ...(await importsInRenderer(root))];
}

async function longStyleSheets(root: string): Promise<readonly string[]> {
  const breaches: string[] = [];
  for await (const file of glob('renderer/**/*.css', { cwd: root })) {
    const lines = (await readFile(join(root, file), 'utf8')).trimEnd().split('\n').length;
    if (lines > MAX_LINES) breaches.push(`${file}:${MAX_LINES + 1}: ${lines} lines, at most ${MAX_LINES}`);
  }
  return breaches;
}

async function importsInRenderer(root: string): Promise<readonly string[]> {
  const renderer = join(root, 'renderer');
  const breaches: string[] = [];
  for await (const file of glob('renderer/**/*.{ts,tsx}', { cwd: root })) {
    const path = join(root, file);
    const from = relative(renderer, path);
    const lines = (await readFile(path, 'utf8')).split('\n');
    for (const [index, line] of lines.entries()) {
      const specifier = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/.exec(line)?.[1];
      if (specifier === undefined) continue;
      const breach = breachOf(from, relative(renderer, resolve(dirname(path), specifier)));
      if (breach !== null) breaches.push(`${file}:${index + 1}: ${breach}`);
    }
  }
  return breaches;
}

/** What is wrong with this import; paths from renderer/. Null: nothing that is for this rule to say. */
function breachOf(from: string, to: string): string | null {
  const [fromLayer = '', fromFeature = ''] = from.split(sep);
  const [toLayer = '', toFeature = '', ...inside] = to.split(sep);
  if (fromLayer !== toLayer) {
    const isTest = from.includes('.test.') && toLayer === 'testing';
    const known = LAYERS[fromLayer];
    if (known !== undefined && toLayer in LAYERS && !isTest && !known.includes(toLayer)) {
      return `${fromLayer} may not use ${toLayer}`;
    }
    const isInner = toLayer === 'features' && inside.join('/') !== 'index.ts';
    return isInner
      ? `the feature "${toFeature}" is known by its index.ts alone, not by ${inside.join('/')}`
      : null;
  }
  return toLayer === 'features' && fromFeature !== toFeature
    ? `a feature imports the feature "${toFeature}"; compose them in renderer/app`
    : null;
}
