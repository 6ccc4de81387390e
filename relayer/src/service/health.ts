/** A part of a service that stopped working, or works again when there is no sentence. */
export interface HealthChange {
  part: string;
  sentence: string | undefined;
}

/** Which parts of a service do not work at the moment, and why. */
export class Health {
  readonly #reasons = new Map<string, string>();
  readonly #notices = new Map<string, string>();
  readonly #listeners: ((change: HealthChange) => void)[] = [];

  /** Marks a part as not working. Repeating it only replaces the sentence. */
  degrade(part: string, sentence: string): void {
    const isNew = !this.#reasons.has(part);
    this.#reasons.set(part, sentence);
    if (isNew) this.#notify({ part, sentence });
  }

  /** Marks a part as working again. */
  restore(part: string): void {
    if (this.#reasons.delete(part)) this.#notify({ part, sentence: undefined });
  }

  /** Says what an operator should know of a part that works; undefined: nothing any more. */
  notice(part: string, sentence: string | undefined): void {
    if (sentence === undefined) this.#notices.delete(part);
    else this.#notices.set(part, sentence);
  }

  /** One sentence per part that works with something to know. */
  get notices(): string[] {
    return [...this.#notices].map(([part, sentence]) => `${part}: ${sentence}`);
  }

  /** One sentence per part that does not work; empty when all is well. */
  get reasons(): string[] {
    return [...this.#reasons].map(([part, sentence]) => `${part}: ${sentence}`);
  }

  /** Calls `listener` whenever a part stops working or works again. */
  onChange(listener: (change: HealthChange) => void): void {
    this.#listeners.push(listener);
  }

  #notify(change: HealthChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
