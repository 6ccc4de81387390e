/** What must be undone when a service stops, in reverse order of how it was set up. */
export class Teardown {
  readonly #steps: (() => unknown)[] = [];

  /** Adds a step; the last one added runs first. */
  defer(step: () => unknown): void {
    this.#steps.push(step);
  }

  /** Runs all steps, each once. A step that fails does not keep the others from running. @throws the first error. */
  async run(): Promise<void> {
    const errors: unknown[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new Error("the service did not stop cleanly", { cause: errors[0] });
  }
}
