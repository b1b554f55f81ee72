// The same inside with a screen and without. xterm's version is pinned; another one throws at once.

/** Undefined where there is no such thing. */
export function at(from: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined,
    from,
  );
}

export function numberAt(from: unknown, ...path: readonly string[]): number {
  const value = at(from, ...path);
  if (typeof value !== 'number') throw new Error(`this xterm has no ${path.join('.')} inside`);
  return value;
}
