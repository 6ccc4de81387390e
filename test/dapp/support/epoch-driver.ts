import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { encodeIndexList, type Report } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import { bytesToHex } from "viem";
import type { AttestingNode, MadeAttestation } from "../../helpers/attesting-node.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import type { TestNetwork, TestRelayer } from "../../helpers/test-network.ts";

/** Milliseconds between two looks at the chain's time. */
const LOOK_MS = 200;

/** What a relayer keeps of an epoch. */
export interface DrivenEpoch {
  attestations: Map<number, MadeAttestation>;
  report: Report;
  tree: ReportTree;
  signers: bigint;
}

/** Lets nodes attest every epoch with real ML-DSA-65 signatures and puts the committee's real report on chain. */
export class EpochDriver {
  readonly network: TestNetwork;
  readonly nodes: readonly AttestingNode[];
  /** Reported epochs. */
  readonly epochs = new Map<number, DrivenEpoch>();
  /** Nodes that do not attest and send no heartbeats. */
  readonly silent = new Set<number>();
  readonly #relayers: TestRelayer[];
  #running: Promise<void> | undefined;
  #stopped = false;
  #next = 0;

  constructor(network: TestNetwork, relayers: TestRelayer[], nodes: readonly AttestingNode[]) {
    this.network = network;
    this.nodes = nodes;
    this.#relayers = relayers;
  }

  /** Begins with the running epoch. */
  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const epoch = Number(await this.network.epoch());
      if (epoch > this.#next) {
        // An epoch that cannot be reported (time was moved) is passed over, as a committee would.
        await this.#report(epoch - 1).catch(() => undefined);
        this.#next = epoch;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async #report(epoch: number): Promise<void> {
    const present = this.nodes.filter(({ nodeIndex }) => !this.silent.has(nodeIndex));
    const attestations = new Map(present.map((node) => [node.nodeIndex, node.attest(epoch, varied(node.nodeIndex))]));
    const leaves = [...attestations].map(([index, made]): [number, Hex] => {
      return [index, attestationLeaf(index, made.digest, made.signature)];
    });
    const tree = new ReportTree(new Map(leaves));
    const quality = Uint8Array.from(this.nodes, ({ nodeIndex }) => 255 - ((nodeIndex * 7 + epoch * 3) % 30));
    const report = await makeReport(this.network, {
      epoch: BigInt(epoch),
      root: tree.root,
      absent: encodeIndexList(this.silent),
      quality: bytesToHex(quality),
    });
    await postReport(this.network, report, this.#relayers);
    const signers = (1n << BigInt(this.#relayers.length)) - 1n;
    this.epochs.set(epoch, { attestations, report, tree, signers });
  }
}

function varied(nodeIndex: number): Partial<Attestation> {
  return { cpuLoadBp: 900 + 130 * nodeIndex, latencyMicros: 700 + 90 * nodeIndex };
}
