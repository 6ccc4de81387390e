import { type DeliveryKey, formatDeliveryKey, parseDeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { type Address, bytesToHex } from "viem";

/** Reads the text of a kept key; a file that was damaged counts as none. */
export function readKept(text: string | undefined): DeliveryKey | undefined {
  try {
    return text === undefined ? undefined : parseDeliveryKey(text);
  } catch {
    return undefined;
  }
}

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

  /**
   * Keeps the key of a file, unless the wallet has another one here and it is not said that the file replaces it.
   *
   * @returns whether the key of the file is kept now
   * @throws Error that names what is wrong with the file, or in one sentence when the browser refuses
   */
  load(wallet: Address, file: string, replaces: boolean): boolean {
    const loaded = parseDeliveryKey(file);
    const held = readKept(this.read(wallet));
    if (held && !replaces && bytesToHex(held.publicKey) !== bytesToHex(loaded.publicKey)) return false;
    this.keep(wallet, formatDeliveryKey(loaded));
    return true;
  }

  #nameOf(wallet: Address): string {
    return `${this.#prefix}.${wallet.toLowerCase()}`;
  }
}
