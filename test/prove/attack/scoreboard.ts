/** Counts calls across organizations, and what was answered that must not be. */
export class Scoreboard {
  readonly #perKind = new Map<string, { calls: number; answered: number }>();
  readonly #breaches = new Map<string, number>();
  #calls = 0;
  #answered = 0;

  get calls(): number {
    return this.#calls;
  }

  get answered(): number {
    return this.#answered;
  }

  /** One call of this kind. `problem`: how it was answered; null: as for something that does not exist. */
  call(kind: string, problem: string | null): void {
    const row = this.#perKind.get(kind) ?? { calls: 0, answered: 0 };
    this.#perKind.set(kind, row);
    row.calls += 1;
    this.#calls += 1;
    if (problem === null) return;
    row.answered += 1;
    this.#answered += 1;
    this.breach(`${kind}: ${problem}`);
  }

  breach(text: string): void {
    this.#breaches.set(text, (this.#breaches.get(text) ?? 0) + 1);
  }

  /** Each once, with how often. */
  get breaches(): string[] {
    return [...this.#breaches].map(([text, times]) => (times === 1 ? text : `${text} (${times} times)`));
  }

  get perKind(): Record<string, { calls: number; answered: number }> {
    return Object.fromEntries([...this.#perKind].toSorted(([a], [b]) => a.localeCompare(b)));
  }
}
