import type { Hex } from "viem";
import type { ChainView } from "../chain/chain-view.ts";
import { type FlawName, flawOf } from "../chain/leaf-flaw.ts";
import type { NodeHead } from "../store/attestation-store.ts";
import {
  DIGEST_BYTES,
  fieldOffset,
  LARGEST_COUNT,
  wireEpoch,
  wireNodeIndex,
  wireSequence,
} from "../store/wire-fields.ts";
import type { RefusalCode } from "../session/frames.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** What an attestation that passed the cheap checks still needs. */
export interface Admitted {
  /** Leaf of its open epoch, or history that came after it closed. */
  mode: "leaf" | "history";
  /** Raw ML-DSA-65 key that must have signed it. */
  publicKey: Uint8Array;
}

/** Share of an epoch after which its attestations are history. */
const CLOSES_AT = 0.95;
/** How early an attestation may come: a node's view of the chain may have a newer block than this relayer's. */
const EARLY_MS = 2_000;

/** What a node is told about each flaw of its attestation. */
const CODES: Partial<Record<FlawName, RefusalCode>> = {
  inactive: "node-inactive",
  beacon: "wrong-beacon",
  sequence: "wrong-previous",
  measurement: "unapproved-measurement",
};

const BEACON = fieldOffset("beacon");
const MEASUREMENT = fieldOffset("measurement");
const PREVIOUS = fieldOffset("previous");

/** The checks of an attestation that need no signature: cheapest first, always in the same order. */
export class Admission {
  readonly #chain: ChainView;
  readonly #historyEpochs: number;

  /** @param historyEpochs Age in epochs up to which missing attestations of a node are taken as history. */
  constructor(chain: ChainView, historyEpochs: number) {
    this.#chain = chain;
    this.#historyEpochs = historyEpochs;
  }

  /** Checks a wire form of the right length against the chain and the newest attestation held of its node. */
  check(wire: Buffer, head: NodeHead | undefined): Admitted | Refusal {
    const nodeIndex = wireNodeIndex(wire);
    const epoch = wireEpoch(wire);
    return (
      this.#refuseEpoch(epoch) ??
      this.#refuseNode(nodeIndex) ??
      this.#refuseContent(wire, nodeIndex, BigInt(epoch)) ??
      this.refuseSequence(wire, head) ??
      this.#admit(nodeIndex, epoch)
    );
  }

  /** Checks that an attestation follows the newest one held of its node. */
  refuseSequence(wire: Buffer, head: NodeHead | undefined): Refusal | undefined {
    const sequence = wireSequence(wire);
    if (!head) return undefined;
    const next = head.sequence + 1;
    if (sequence <= head.sequence) {
      return refuse("replayed-sequence", `sequence ${sequence} was taken already, next is ${next}`, next);
    }
    if (wireEpoch(wire) <= head.epoch) {
      return refuse("wrong-epoch", `epoch ${wireEpoch(wire)} is not after ${head.epoch} of sequence ${head.sequence}`);
    }
    if (this.#isForgotten(head)) return undefined;
    if (sequence !== next) {
      return refuse("sequence-gap", `sequence ${sequence} leaves a gap, next is ${next}`, next);
    }
    if (!head.digest.equals(wire.subarray(PREVIOUS, PREVIOUS + DIGEST_BYTES))) {
      return refuse("wrong-previous", `previous is not the digest of sequence ${head.sequence}`, next);
    }
    return undefined;
  }

  /** True while the epoch is not over: only then may a receipt for it be signed. */
  isEpochRunning(epoch: number): boolean {
    return this.#positionIn(epoch) < 1;
  }

  /** A head so old that what is missing since then would not be taken: the node goes on from any newer sequence. */
  #isForgotten(head: NodeHead): boolean {
    return head.epoch < Number(this.#chain.currentEpoch()) - this.#historyEpochs;
  }

  #refuseEpoch(epoch: number): Refusal | undefined {
    const current = Number(this.#chain.currentEpoch());
    if (this.#positionIn(epoch) * this.#chain.epochLengthSeconds * 1_000 < -EARLY_MS) {
      return refuse("wrong-epoch", `epoch ${epoch} has not begun, the current one is ${current}`);
    }
    if (epoch < current - this.#historyEpochs) {
      return refuse("epoch-closed", `epoch ${epoch} is over for more than ${this.#historyEpochs} epochs`);
    }
    return undefined;
  }

  #refuseNode(nodeIndex: number): Refusal | undefined {
    if (!this.#chain.node(nodeIndex)) return refuse("unknown-node", `node ${nodeIndex} is not registered`);
    return undefined;
  }

  #refuseContent(wire: Buffer, nodeIndex: number, epoch: bigint): Refusal | undefined {
    const sequence = wireSequence(wire);
    if (sequence === LARGEST_COUNT) {
      return refuse("sequence-gap", `sequence ${sequence} and above are not taken, the largest is ${sequence - 1}`);
    }
    const found = flawOf(
      this.#chain,
      { nodeIndex, epoch },
      {
        ...{ nodeIndex, epoch, sequence: BigInt(sequence) },
        previous: hexAt(wire, PREVIOUS),
        beacon: hexAt(wire, BEACON),
        measurement: hexAt(wire, MEASUREMENT),
      },
    );
    return found && refuse(CODES[found.flaw] ?? "internal-error", found.sentence);
  }

  #admit(nodeIndex: number, epoch: number): Admitted | Refusal {
    const publicKey = this.#chain.keyAt(nodeIndex, BigInt(epoch));
    if (!publicKey) return refuse("node-inactive", `node ${nodeIndex} has no key in force in epoch ${epoch}`);
    return { mode: this.#positionIn(epoch) < CLOSES_AT ? "leaf" : "history", publicKey };
  }

  /** Chain time as a fraction of an epoch: 0 at its start, 1 and more after its end. */
  #positionIn(epoch: number): number {
    const lengthMs = this.#chain.epochLengthSeconds * 1_000;
    return (this.#chain.nowMs() - Number(this.#chain.epochGenesis) * 1_000) / lengthMs - epoch;
  }
}

function hexAt(wire: Buffer, offset: number): Hex {
  return `0x${wire.toString("hex", offset, offset + DIGEST_BYTES)}`;
}
