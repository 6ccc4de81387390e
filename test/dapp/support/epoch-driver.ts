import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { encodeIndexList, type Report } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import { bytesToHex } from "viem";
import type { AttestingNode, MadeAttestation } from "../../helpers/attesting-node.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import type { TestNetwork, TestRelayer } from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

/** Milliseconds between two looks at the chain's time. */
const LOOK_MS = 200;

/** Epochs after its own in which the test network's bridge takes a report of an epoch. */
const REPORT_WINDOW = 2;

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
  #problem: Error | undefined;
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

  /** Waits until `count` epochs are reported. @throws Error with the newest reason why a report was refused. */
  async untilReported(count: number): Promise<void> {
    await waitUntil(`${count} reports are on chain`, () => this.epochs.size >= count, 45_000).catch((error: Error) => {
      throw new Error(`${error.message}; newest refusal: ${this.#problem?.message ?? "none"}`, {
        cause: this.#problem,
      });
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const running = await this.#runningEpoch();
      // Reports go in order, so an epoch that was missed (time was moved) comes before newer ones while its window is open.
      this.#next = Math.max(this.#next, running - REPORT_WINDOW);
      while (this.#next < running && !this.#stopped) {
        await this.#report(this.#next++).catch((error: Error) => (this.#problem = error));
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  async #runningEpoch(): Promise<number> {
    const { chain, config } = this.network;
    const { timestamp } = await chain.head();
    return Math.floor((timestamp - config.epoch.genesis) / config.epoch.lengthSeconds);
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
