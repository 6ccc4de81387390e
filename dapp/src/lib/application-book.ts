import { type Address, type Hex, isHex } from "viem";

/** Remembers the request that a wallet handed in last, so that its certificate can still be fetched after a reload. */
export class ApplicationBook {
  readonly #storage: Pick<Storage, "getItem" | "setItem">;
  readonly #prefix: string;

  /** @param scope Tells deployments apart. */
  constructor(storage: Pick<Storage, "getItem" | "setItem">, scope: string) {
    this.#storage = storage;
    this.#prefix = `pqmesh.application.${scope}`;
  }

  /** Hash of the request that was handed in last; undefined when this browser knows none. */
  read(wallet: Address): Hex | undefined {
    try {
      const kept = this.#storage.getItem(this.#nameOf(wallet));
      return isHex(kept) ? kept : undefined;
    } catch {
      return undefined;
    }
  }

  /** A browser that keeps nothing loses no more than the memory. */
  keep(wallet: Address, requestHash: Hex): void {
    try {
      this.#storage.setItem(this.#nameOf(wallet), requestHash);
    } catch {
      return;
    }
  }

  #nameOf(wallet: Address): string {
    return `${this.#prefix}.${wallet.toLowerCase()}`;
  }
}
