import { z } from 'zod';

/**
 * The shape of a JSON value. A text names alternatives joined by " or ": string, number, boolean, null, any,
 * `=text` for exactly that text, `$name` for a named shape, `jwt:name` for a token whose {header, claims} have
 * a named shape. A list holds the shape of every element; a key that ends in ? may be missing.
 */
export type Shape = string | [Shape] | { [key: string]: Shape };

export const shapeSchema: z.ZodType<Shape> = z.lazy(() =>
  z.union([z.string(), z.tuple([shapeSchema]), z.record(z.string(), shapeSchema)]),
);

/** missing and type break what was recorded; extra is more than was recorded. */
export type Difference = { kind: 'missing' | 'type' | 'extra'; path: string; detail: string };

/** Every difference between a value and a shape, in the order of the shape. */
export function shapeDifferences(
  shape: Shape,
  value: unknown,
  named: Record<string, Shape>,
  path = '',
): Difference[] {
  if (typeof shape === 'string') return textDifferences(shape, value, named, path);
  if (isList(shape)) {
    if (!Array.isArray(value)) return [typeDifference(path, 'a list', value)];
    return value.flatMap((element, index) => shapeDifferences(shape[0], element, named, `${path}[${index}]`));
  }
  if (!isRecord(value)) return [typeDifference(path, 'an object', value)];
  const expected = Object.entries(shape).flatMap(([written, inner]): Difference[] => {
    const key = written.replace(/\?$/, '');
    if (Object.hasOwn(value, key)) return shapeDifferences(inner, value[key], named, join(path, key));
    if (key !== written) return [];
    return [{ kind: 'missing', path: join(path, key), detail: `recorded as ${describe(inner)}` }];
  });
  const extra = Object.keys(value)
    .filter((key) => !Object.hasOwn(shape, key) && !Object.hasOwn(shape, `${key}?`))
    .map((key): Difference => ({
      kind: 'extra',
      path: join(path, key),
      detail: `here ${typeName(value[key])}`,
    }));
  return [...expected, ...extra];
}

function textDifferences(
  shape: string,
  value: unknown,
  named: Record<string, Shape>,
  path: string,
): Difference[] {
  const alternatives = shape.split(' or ').map((alternative) => single(alternative, value, named, path));
  const [only] = alternatives;
  if (only && alternatives.length === 1) return only;
  if (alternatives.some((differences) => differences.length === 0)) return [];
  // The alternative that differs only further inside says more than "none of these".
  const closest = alternatives.find((differences) => differences.every((one) => one.path !== path));
  return closest ?? [typeDifference(path, shape, value)];
}

function single(shape: string, value: unknown, named: Record<string, Shape>, path: string): Difference[] {
  if (shape === 'any') return [];
  if (shape.startsWith('=')) return value === shape.slice(1) ? [] : [typeDifference(path, shape, value)];
  if (shape.startsWith('$')) return shapeDifferences(lookUp(named, shape.slice(1)), value, named, path);
  if (shape.startsWith('jwt:')) {
    const parts = typeof value === 'string' ? decodeParts(value) : null;
    if (!parts) return [typeDifference(path, 'a token', value)];
    return shapeDifferences(lookUp(named, shape.slice(4)), parts, named, join(path, '(token)'));
  }
  return typeName(value) === shape ? [] : [typeDifference(path, shape, value)];
}

function lookUp(named: Record<string, Shape>, name: string): Shape {
  const shape = named[name];
  if (shape === undefined) throw new Error(`recorded.json has no shape named ${name}`);
  return shape;
}

function decodeParts(token: string): { header: unknown; claims: unknown } | null {
  const [header, claims] = token.split('.');
  if (header === undefined || claims === undefined) return null;
  try {
    return { header: decodePart(header), claims: decodePart(claims) };
  } catch {
    return null;
  }
}

function decodePart(part: string): unknown {
  return JSON.parse(Buffer.from(part, 'base64url').toString());
}

function typeDifference(path: string, expected: string, value: unknown): Difference {
  // Only `=text` shows a value, and only an error code or the like is recorded so.
  const found = expected.startsWith('=') && typeof value === 'string' ? `"${value}"` : typeName(value);
  return {
    kind: 'type',
    path: path === '' ? '(body)' : path,
    detail: `recorded as ${expected}, here ${found}`,
  };
}

function describe(shape: Shape): string {
  if (typeof shape === 'string') return shape;
  return isList(shape) ? 'a list' : 'an object';
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : typeof value;
}

function isList(shape: Shape): shape is [Shape] {
  return Array.isArray(shape);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
