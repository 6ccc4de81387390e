import { generateKeyPairSync, sign } from "node:crypto";
import { getBytes, ZeroAddress, ZeroHash } from "ethers";
import type { DeployedNetwork } from "./deployed-network.ts";

/** Operations of `INodeRegistry.RootOperation`. */
export const ROOT_OPERATION = {
  Lock: 0,
  Unlock: 1,
  Unbond: 2,
  Withdraw: 3,
  ExitNode: 4,
  ProposeOwner: 5,
  ProposeBeneficiary: 6,
  CancelChanges: 7,
  ChangeRootKey: 8,
} as const;

/** `INodeRegistry.RootOrder`. */
export interface RootOrder {
  operation: number;
  identityId: number;
  nodeIndex: number;
  recipient: string;
  amount: bigint;
  newRootKey: string | Uint8Array;
  deadline: bigint;
}

/** An operator's root key, made by OpenSSL; a signature takes about a third of a second. */
export class RootKey {
  readonly #pair = generateKeyPairSync("slh-dsa-sha2-128s");
  /** PK.seed ‖ PK.root: the last 32 bytes of the SPKI. */
  readonly publicKey = this.#pair.publicKey.export({ format: "der", type: "spki" }).subarray(-32);

  /** An order of identity 1 with everything that the operation does not need left empty. */
  static order(operation: keyof typeof ROOT_OPERATION, fields: Partial<RootOrder> = {}): RootOrder {
    return {
      operation: ROOT_OPERATION[operation],
      identityId: 1,
      nodeIndex: 0,
      recipient: ZeroAddress,
      amount: 0n,
      newRootKey: ZeroHash,
      deadline: 4_000_000_000n,
      ...fields,
    };
  }

  /** Signs a digest, with empty context. */
  sign(digest: string): Uint8Array {
    return new Uint8Array(sign(null, getBytes(digest), this.#pair.privateKey));
  }

  /** Signs an order for the nonce that the registry expects now. */
  async signOrder({ registry }: Pick<DeployedNetwork, "registry">, order: RootOrder): Promise<Uint8Array> {
    return this.sign((await registry.rootOrderDigest(order)) as string);
  }
}
