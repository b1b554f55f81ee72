// JSON in which a key is repeated means different things to different parsers; a signed text must not.

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** Does any object of this JSON text repeat a key? The text must already have parsed. */
export function hasRepeatedKeys(json: string): boolean {
  const open: (Set<string> | null)[] = [];
  let pending: string | null = null;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token.startsWith('"')) {
      pending = token;
      continue;
    }
    if (token === '{') open.push(new Set());
    if (token === '[') open.push(null);
    if (token === '}' || token === ']') open.pop();
    const keys = open.at(-1);
    if (token === ':' && pending !== null && keys instanceof Set) {
      const key = String(JSON.parse(pending));
      if (keys.has(key)) return true;
      keys.add(key);
    }
    pending = null;
  }
  return false;
}
