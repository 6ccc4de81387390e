import { createHash, type KeyObject, sign } from "node:crypto";
import {
  type Attestation,
  encodeSignedAttestation,
  hashAttestation,
  type SignedAttestation,
} from "@pqmesh/contracts/protocol/attestation";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { type Hex, hexToBytes, zeroHash } from "viem";
import { mlDsa65KeyFromSeed, mlDsa65PublicKeyRaw } from "../../relayer/src/keystore/ml-dsa-65.ts";
import type { FixedChainView } from "./fixed-chain-view.ts";

/** Beacon and measurement that attesting nodes use unless told otherwise. */
export const BEACON: Hex = `0x${"be".repeat(32)}`;
export const MEASUREMENT: Hex = `0x${"5e".repeat(32)}`;

/** A signed attestation of a test, in every form that tests need. */
export interface MadeAttestation extends SignedAttestation {
  digest: Hex;
  wire: Buffer;
}

/** A node with a real ML-DSA-65 key that signs a chain of attestations. */
export class AttestingNode {
  readonly nodeIndex: number;
  readonly publicKey: Uint8Array;
  readonly #key: KeyObject;
  readonly #domain: StatementDomain;
  #sequence = 0n;
  #previous: Hex = zeroHash;

  constructor(nodeIndex: number, domain: StatementDomain, label = "test node") {
    this.nodeIndex = nodeIndex;
    this.#domain = { chainId: domain.chainId, bridge: domain.bridge };
    this.#key = mlDsa65KeyFromSeed(createHash("sha256").update(`${label} ${nodeIndex}`).digest());
    this.publicKey = mlDsa65PublicKeyRaw(this.#key);
  }

  /** Makes a node and registers it in a chain view that knows its beacon and measurement. */
  static registeredIn(chain: FixedChainView, nodeIndex: number): AttestingNode {
    const node = new AttestingNode(nodeIndex, chain);
    chain.addNode(nodeIndex, node.publicKey);
    chain.beacons.set(BEACON, { from: 0n, until: undefined });
    chain.measurements.set(MEASUREMENT, 0n);
    return node;
  }

  /** Signs the next attestation of this node's chain; `changes` go in before it is signed. */
  attest(epoch: number, changes: Partial<Attestation> = {}): MadeAttestation {
    const made = this.sign({ ...this.statement(epoch), ...changes });
    this.#sequence = made.attestation.sequence;
    this.#previous = made.digest;
    return made;
  }

  /** The next attestation of this node's chain, unsigned; the chain does not move. */
  statement(epoch: number): Attestation {
    return {
      nodeIndex: this.nodeIndex,
      epoch: BigInt(epoch),
      sequence: this.#sequence + 1n,
      beacon: BEACON,
      measurement: MEASUREMENT,
      previous: this.#previous,
      shares: 5_000n,
      cpuLoadBp: 1_200,
      memoryUsedBp: 3_400,
      storageUsedBp: 5_600,
      heartbeats: 20,
      latencyMicros: 900,
      space: 1n << 40n,
      stake: 10n ** 23n,
      work: 60_000n,
      time: 3_600n,
    };
  }

  /** Signs a digest with this node's key. */
  signDigest(digest: Uint8Array): Uint8Array {
    return new Uint8Array(sign(null, digest, this.#key));
  }

  /** Signs any statement with this node's key; the chain does not move. */
  sign(attestation: Attestation, domain: StatementDomain = this.#domain): MadeAttestation {
    const digest = hashAttestation(domain, attestation);
    const signature = this.signDigest(hexToBytes(digest));
    const wire = Buffer.from(encodeSignedAttestation({ attestation, signature }));
    return { attestation, signature, digest, wire };
  }
}
