import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

export type JsonFileContent<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'missing' }
  /** Unreadable or of another form; moved out of the way, so that nothing overwrites it. */
  | { readonly kind: 'set_aside'; readonly movedTo: string };

/** Reads a file of our own. What is not understood is kept beside it under `.corrupt-<time>`. */
export function readJsonFile<S extends z.ZodType>(
  file: string,
  schema: S,
  now: () => Date,
): JsonFileContent<z.infer<S>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { kind: 'missing' };
    throw error;
  }
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return { kind: 'value', value: parsed.data };
  const movedTo = `${file}.corrupt-${now().toISOString().replaceAll(/[:.]/g, '-')}`;
  renameSync(file, movedTo);
  return { kind: 'set_aside', movedTo };
}

/** Replaces the file in one step: a crash leaves the old one or the new one, never half of one. */
export function writeJsonFile(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.draft`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** @returns undefined for what is no JSON */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
