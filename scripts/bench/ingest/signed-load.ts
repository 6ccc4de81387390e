import { sign } from "node:crypto";
import { promisify } from "node:util";
import {
  ATTESTATION_BYTES,
  AttestationHasher,
  encodeAttestation,
  SIGNED_ATTESTATION_BYTES,
} from "@pqmesh/contracts/protocol/attestation";
import type { StatementDomain } from "@pqmesh/contracts/protocol/eip712";
import { zeroHash } from "viem";
import { fieldOffset } from "../../../relayer/src/store/wire-fields.ts";
import { benchNodeKey } from "./bench-messages.ts";
import { FIXED_BEACON, FIXED_MEASUREMENT } from "./fixed-chain-view.ts";

const signOffThread = promisify(sign);

/** Attestations signed before the measured window: one of each node for each epoch, chained, in memory only. */
export class SignedLoad {
  readonly #epochs: Buffer[] = [];

  /**
   * Signs the whole load.
   *
   * @param onProgress Called now and then with the share that is done.
   */
  static async make(
    { nodes, epochs, domain }: { nodes: number; epochs: number; domain: StatementDomain },
    onProgress: (share: number) => void,
  ): Promise<SignedLoad> {
    const load = new SignedLoad();
    const hasher = new AttestationHasher(domain);
    const keys = Array.from({ length: nodes }, (_, i) => benchNodeKey(i));
    const previous = Buffer.alloc(nodes * 32);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const wires = Buffer.alloc(nodes * SIGNED_ATTESTATION_BYTES);
      const signing = keys.map(async (key, nodeIndex) => {
        const wire = wires.subarray(nodeIndex * SIGNED_ATTESTATION_BYTES, (nodeIndex + 1) * SIGNED_ATTESTATION_BYTES);
        const last = previous.subarray(nodeIndex * 32, (nodeIndex + 1) * 32);
        wire.set(statement(nodeIndex, epoch));
        last.copy(wire, fieldOffset("previous"));
        const digest = hasher.digest(wire);
        last.set(digest);
        wire.set(await signOffThread(null, digest, key), ATTESTATION_BYTES);
      });
      await Promise.all(signing);
      load.#epochs.push(wires);
      onProgress((epoch + 1) / epochs);
    }
    return load;
  }

  /** Wire form of a node's attestation for an epoch. */
  wire(epoch: number, nodeIndex: number): Buffer {
    const from = nodeIndex * SIGNED_ATTESTATION_BYTES;
    return this.#epochs[epoch].subarray(from, from + SIGNED_ATTESTATION_BYTES);
  }
}

function statement(nodeIndex: number, epoch: number): Uint8Array {
  return encodeAttestation({
    nodeIndex,
    epoch: BigInt(epoch),
    sequence: BigInt(epoch + 1),
    beacon: FIXED_BEACON,
    measurement: FIXED_MEASUREMENT,
    previous: zeroHash,
    shares: 5_000n,
    cpuLoadBp: 1_200,
    memoryUsedBp: 3_400,
    storageUsedBp: 5_600,
    heartbeats: 20,
    latencyMicros: 900,
    space: 1n << 40n,
    stake: 10n ** 23n,
    work: BigInt(epoch) * 60_000n,
    time: BigInt(epoch) * 60n,
  });
}
