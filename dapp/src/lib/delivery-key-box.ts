import type { Address } from "viem";

/** Keeps delivery keys in the browser: one for each deployment and wallet, as the text of its file. */
export class DeliveryKeyBox {
  readonly #storage: Pick<Storage, "getItem" | "setItem">;
  readonly #prefix: string;

  /** @param scope Tells deployments apart. */
  constructor(storage: Pick<Storage, "getItem" | "setItem">, scope: string) {
    this.#storage = storage;
    this.#prefix = `pqmesh.delivery-key.${scope}`;
  }

  /** Text of the wallet's key file; undefined when this browser has none, or keeps nothing. */
  read(wallet: Address): string | undefined {
    try {
      return this.#storage.getItem(this.#nameOf(wallet)) ?? undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps a key file. @throws Error in one sentence when the browser refuses. */
  keep(wallet: Address, text: string): void {
    try {
      this.#storage.setItem(this.#nameOf(wallet), text);
    } catch (cause) {
      throw new Error(
        "This browser does not let the page keep a key. Allow storage for this site, or use the command line.",
        {
          cause,
        },
      );
    }
  }

  #nameOf(wallet: Address): string {
    return `${this.#prefix}.${wallet.toLowerCase()}`;
  }
}
