import { secp256k1 } from "@noble/curves/secp256k1.js";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { ReceiptTree } from "@pqmesh/contracts/protocol/merkle";
import { hashReceipt } from "@pqmesh/contracts/protocol/report";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { createKeccak256 } from "./keccak.ts";

/** A signed batch of digests of one epoch. */
export interface SignedBatch {
  epoch: number;
  tree: ReceiptTree;
  /** 65 bytes: r, s, v. */
  signature: Uint8Array;
  signatureHex: Hex;
}

/** Signs receipts with the relayer's secp256k1 key: one signature per batch. */
export class ReceiptSigner {
  readonly #domain: StatementDomain;
  readonly #privateKey: Uint8Array;
  readonly #keccak = createKeccak256();

  constructor(domain: StatementDomain, privateKey: Uint8Array) {
    this.#domain = domain;
    this.#privateKey = privateKey;
  }

  /** Signs the root of the receipt tree over the digests, in their order. */
  sign(epoch: number, digests: readonly Uint8Array[]): SignedBatch {
    const tree = new ReceiptTree(digests, this.#keccak);
    const hash = hexToBytes(hashReceipt(this.#domain, { epoch: BigInt(epoch), root: tree.root }));
    const recovered = secp256k1.sign(hash, this.#privateKey, { prehash: false, format: "recovered" });
    const signature = new Uint8Array(65);
    signature.set(recovered.subarray(1));
    signature[64] = 27 + (recovered[0] ?? 0);
    return { epoch, tree, signature, signatureHex: bytesToHex(signature) };
  }
}
