import styles from './machine-name.module.css';
import type { Span } from './tell-apart.ts';

/** A name or hostname as text: where the query stands in it, and the part that tells it from its neighbour. */
export function MachineName({
  text,
  query = '',
  apart = null,
}: {
  text: string;
  query?: string;
  apart?: Span | null;
}) {
  const found = foundIn(text, query);
  const cuts = [0, found?.from, found?.to, apart?.from, apart?.to, text.length]
    .filter((cut) => cut !== undefined)
    .toSorted((a, b) => a - b);
  return (
    <bdi>
      {cuts.slice(1).map((to, index) => {
        const from = cuts[index] ?? 0;
        if (to === from) return null;
        const piece = text.slice(from, to);
        const marked = found !== null && from >= found.from && to <= found.to;
        const differs = apart !== null && from >= apart.from && to <= apart.to;
        if (!marked && !differs) return piece;
        return (
          // oxlint-disable-next-line react/no-array-index-key -- as a query grows, one mark stands around more of the text
          <mark key={index} className={styles[marked ? 'found' : 'plain']} data-apart={differs}>
            {piece}
          </mark>
        );
      })}
    </bdi>
  );
}

/** Where the query stands in the text, if it does: the relay may have matched otherwise. */
function foundIn(text: string, query: string): Span | null {
  const sought = query.trim().toLowerCase();
  const from = sought === '' ? -1 : text.toLowerCase().indexOf(sought);
  return from < 0 ? null : { from, to: from + sought.length };
}
