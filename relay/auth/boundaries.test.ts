import { describe, expect, it } from 'vitest';

declare global {
  interface ImportMeta {
    /** Vite's, as far as this test uses it. */
    glob<T>(pattern: string, options: { query: string; import: string; eager: true }): Record<string, T>;
  }
}

const sources = import.meta.glob<string>('../**/*.ts', { query: '?raw', import: 'default', eager: true });
const filesWith = (pattern: RegExp) =>
  Object.entries(sources)
    .filter(([file, text]) => !/\.test\.ts$|\/testing\//.test(file) && pattern.test(text))
    .map(([file]) => file.replace('../', ''))
    .toSorted();

describe('the boundaries of relay/auth', () => {
  it('names Durable Objects in one place', () => {
    expect(filesWith(/idFromName|idFromString|newUniqueId/)).toEqual(['./routing.ts']);
  });

  it('lets verifiers alone vouch for an organization', () => {
    const callers = filesWith(/\bvouch\b/);
    expect(callers.length).toBeGreaterThan(3);
    expect(callers.filter((file) => !file.startsWith('./'))).toEqual([]);
  });

  it('reads bindings in one place', () => {
    expect(filesWith(/env\.(?:CLERK|RELAY)|process\.env|env\[/)).toEqual([]);
  });
});
