export interface PaletteItem {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** Its key, in the key table's notation; null: it has none. */
  readonly chord: string | null;
  readonly run: () => void;
}

/**
 * Those that hold every word of the query, each at the beginning of one of their words. Items whose title begins with
 * the query come first; otherwise the order stays.
 */
export function matchingItems(items: readonly PaletteItem[], query: string): readonly PaletteItem[] {
  const wanted = words(query);
  const begins = query.trim().toLowerCase();
  return items
    .filter(({ title, group }) => {
      const has = words(`${group} ${title}`);
      return wanted.every((word) => has.some((one) => one.startsWith(word)));
    })
    .toSorted(
      (one, other) =>
        Number(other.title.toLowerCase().startsWith(begins)) -
        Number(one.title.toLowerCase().startsWith(begins)),
    );
}

function words(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}
