import { describe, expect, it } from 'vitest';
import { matchingItems } from './palette-items.ts';
import type { PaletteItem } from './palette-items.ts';

const item = (title: string, group: string): PaletteItem => ({
  id: title,
  title,
  group,
  chord: null,
  run: () => {},
});
const items = [
  item('Lock this client', 'Client'),
  item('Switch to another client', 'Client'),
  item('Machines', 'Go to'),
  item('Another session on the same machine', 'Session'),
  item('End the session and close its tab', 'Session'),
];
const titles = (query: string) => matchingItems(items, query).map(({ title }) => title);

describe('what the palette offers', () => {
  it('is everything at first, in order', () => {
    expect(titles('')).toEqual(items.map(({ title }) => title));
  });

  it('holds every word typed, from the beginning of a word, the group’s name too', () => {
    expect(titles('sess clo')).toEqual(['End the session and close its tab']);
    expect(titles('client lock')).toEqual(['Lock this client']);
    expect(titles('ock')).toEqual([]);
  });

  it('puts first what begins with the query', () => {
    expect(titles('machine')).toEqual(['Machines', 'Another session on the same machine']);
  });
});
