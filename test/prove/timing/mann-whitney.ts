export interface Separation {
  /** Probability that a value of the first is below one of the second, ties half: 0.5 where they cannot be told apart. */
  readonly auc: number;
  /** Two-sided, by the normal approximation with ties corrected. */
  readonly p: number;
}

/** The Mann–Whitney U test of two samples of 20 values or more. */
export function mannWhitney(first: readonly number[], second: readonly number[]): Separation {
  const [n, m] = [first.length, second.length];
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].toSorted((a, b) => a.value - b.value);
  let rankSum = 0;
  let tieTerm = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    // Ranks count from 1; equal values share the middle one.
    const rank = (from + 1 + to) / 2;
    for (const { isFirst } of all.slice(from, to)) if (isFirst) rankSum += rank;
    tieTerm += (to - from) ** 3 - (to - from);
    from = to;
  }
  const u = n * m + (n * (n + 1)) / 2 - rankSum;
  const total = n + m;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - tieTerm / (total * (total - 1))));
  const z = deviation === 0 ? 0 : (u - (n * m) / 2) / deviation;
  return { auc: u / (n * m), p: twoSided(z) };
}

/** Probability of at least |z| under the normal distribution (Abramowitz and Stegun 7.1.26, error below 1.5e-7). */
function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return polynomial * Math.exp(-x * x);
}
