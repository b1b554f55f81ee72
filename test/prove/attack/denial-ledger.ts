/** What a relay records of a refusal in the audit of the organization whose token was shown. */
const RECORDED: ReadonlySet<string> = new Set([
  'not_found',
  'role_insufficient',
  'sign_in_not_fresh',
  'second_factor_required',
  'entry_ended',
  'entry_required',
  'sign_in_spent',
  'sign_in_bound_elsewhere',
  'access_revoked',
]);

interface Counted {
  told: number;
  /** The relay died before it answered: recorded or not. */
  inDoubt: number;
}

/** Refusals that a proof was given, to be found again in the right audit, as often, and in no other. */
export class DenialLedger {
  readonly #rows = new Map<string, Counted>();

  told(org: string, userId: string, verb: string, code: string): void {
    if (RECORDED.has(code)) this.#row(org, userId, verb).told += 1;
  }

  inDoubt(org: string, userId: string, verb: string): void {
    this.#row(org, userId, verb).inDoubt += 1;
  }

  /**
   * @param recorded `access.denied` of the organization's audit as `user verb`, with how often each is there
   * @returns what does not fit, one sentence each
   */
  compare(org: string, recorded: ReadonlyMap<string, number>): string[] {
    const expected = new Map<string, Counted>();
    for (const [key, counted] of this.#rows) {
      const [owner, userId, verb] = key.split(' ');
      if (owner === org) expected.set(`${userId} ${verb}`, counted);
    }
    return [...new Set([...expected.keys(), ...recorded.keys()])].flatMap((key) => {
      const { told, inDoubt } = expected.get(key) ?? { told: 0, inDoubt: 0 };
      const found = recorded.get(key) ?? 0;
      if (found >= told && found <= told + inDoubt) return [];
      return [`its audit holds ${found} denials of ${key.replace(/^\S+/, 'someone')}, not ${told}`];
    });
  }

  #row(org: string, userId: string, verb: string): Counted {
    const key = `${org} ${userId} ${verb}`;
    const row = this.#rows.get(key) ?? { told: 0, inDoubt: 0 };
    this.#rows.set(key, row);
    return row;
  }
}
