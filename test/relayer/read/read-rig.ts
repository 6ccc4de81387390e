import { ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, ReportTree, SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { encodeIndexList, hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import type { FastifyInstance } from "fastify";
import { Registry } from "prom-client";
import { type Address, bytesToHex } from "viem";
import type { AcceptedReport } from "../../../relayer/src/chain/chain-view.ts";
import { HeartbeatBook } from "../../../relayer/src/ingest/heartbeat-book.ts";
import type { CertificateSources } from "../../../relayer/src/read/certificate-routes.ts";
import { LiveFeed } from "../../../relayer/src/read/live-feed.ts";
import { createReadApi, type ReadApiOptions } from "../../../relayer/src/read/read-api.ts";
import { ReportProofs } from "../../../relayer/src/read/report-proofs.ts";
import type { ReportSource, SignedReport } from "../../../relayer/src/read/report-source.ts";
import { Health } from "../../../relayer/src/service/health.ts";
import { createLogger } from "../../../relayer/src/service/logger.ts";
import { AttestationStore } from "../../../relayer/src/store/attestation-store.ts";
import { AttestingNode, BEACON, type MadeAttestation } from "../../helpers/attesting-node.ts";
import { FixedChainView } from "../../helpers/fixed-chain-view.ts";
import { groupOf, temporaryDirectory, type TemporaryDirectory } from "../store/stored-attestations.ts";

export const RELAYER: Address = `0x${"a1".repeat(20)}`;

interface RigOptions extends Pick<ReadApiOptions, "rate" | "limits" | "authorityId"> {
  certificates?: (chain: FixedChainView) => CertificateSources;
}

/** Epoch that rigs begin in. */
export const EPOCH = 100;

/** A read API on a real store, a chain that the test moves, and a clock that the test turns. */
export class ReadRig {
  readonly chain = new FixedChainView({ epoch: EPOCH });
  readonly directory: TemporaryDirectory = temporaryDirectory();
  readonly health = new Health();
  readonly feed = new LiveFeed();
  readonly signedReports: SignedReport[] = [];
  readonly heartbeats: HeartbeatBook;
  readonly store: AttestationStore;
  readonly app: FastifyInstance;
  monotonicMs = 1_000;

  private constructor(store: AttestationStore, directory: TemporaryDirectory, options: RigOptions) {
    const { certificates, ...rest } = options;
    this.store = store;
    this.directory = directory;
    this.heartbeats = new HeartbeatBook(this.chain, 15_000, () => this.monotonicMs);
    const reports: ReportSource = {
      reportOf: (epoch, shard) =>
        this.signedReports.find(({ report }) => report.epoch === epoch && report.shard === shard),
    };
    this.app = createReadApi({
      chain: this.chain,
      store,
      heartbeats: this.heartbeats,
      proofs: new ReportProofs(store, reports, () => this.monotonicMs),
      reports,
      relayer: RELAYER,
      version: "1.2.3",
      health: this.health,
      metrics: new Registry(),
      feed: this.feed,
      log: createLogger({ name: "test", level: "error" }),
      ...(certificates && { certificates: certificates(this.chain) }),
      ...rest,
    });
  }

  static async open(options: RigOptions = {}): Promise<ReadRig> {
    const directory = temporaryDirectory();
    const store = await AttestationStore.open({ file: directory.file("attestations.db") });
    try {
      return new ReadRig(store, directory, options);
    } catch (error) {
      // Its writer's thread would keep the process from ending.
      await store.close();
      throw error;
    }
  }

  /** Asks from an address; the status must be the expected one. */
  async getFrom(remoteAddress: string, url: string, status: number) {
    const response = await this.app.inject({ url, remoteAddress });
    if (response.statusCode !== status) throw new Error(`GET ${url} answered ${response.statusCode}: ${response.body}`);
    return response;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.store.close();
    this.directory.remove();
  }

  /** Registers nodes and stores an attestation of each for an epoch. */
  async attest(indices: number[], epoch = EPOCH): Promise<MadeAttestation[]> {
    const made = indices.map((index) => AttestingNode.registeredIn(this.chain, index).attest(epoch));
    await this.store.append([groupOf("leaf", made)]);
    return made;
  }

  /** Lets the chain accept a report over these attestations, all of one shard and epoch. */
  accept(made: MadeAttestation[], changes: Partial<AcceptedReport> = {}): AcceptedReport {
    const accepted = reportOver(this.chain, made);
    const report = { ...accepted, ...changes };
    this.chain.reports.push(report);
    return report;
  }

  /** Asks and parses the answer; the status must be the expected one. */
  async get<T = Record<string, unknown>>(url: string, status = 200): Promise<T> {
    const response = await this.app.inject(url);
    if (response.statusCode !== status) {
      throw new Error(`GET ${url} answered ${response.statusCode}, expected ${status}: ${response.body}`);
    }
    return response.json();
  }
}

function reportOver(chain: FixedChainView, made: MadeAttestation[]): AcceptedReport {
  const { epoch, nodeIndex } = made[0]!.attestation;
  const shard = Math.floor(nodeIndex / SHARD_SIZE);
  const leaves = new Map(
    made.map(({ attestation, digest, wire }) => [
      attestation.nodeIndex % SHARD_SIZE,
      attestationLeaf(attestation.nodeIndex, digest, wire.subarray(ATTESTATION_BYTES)),
    ]),
  );
  const present = new Set(leaves.keys());
  const absent = chain
    .nodesOfShard(shard)
    .map((index) => index % SHARD_SIZE)
    .filter((position) => !present.has(position));
  const report: Report = {
    epoch,
    shard,
    round: 0,
    committeeVersion: 1,
    beaconBlock: 12n,
    beacon: BEACON,
    root: new ReportTree(leaves).root,
    absent: encodeIndexList(absent),
    degraded: "0x",
    quality: bytesToHex(new Uint8Array(made.length).fill(255)),
  };
  return {
    ...report,
    digest: hashReport({ chainId: chain.chainId, bridge: chain.bridge }, report),
    signers: 0b1011n,
    submitter: RELAYER,
    blockNumber: 99n,
    transactionHash: `0x${"7a".repeat(32)}`,
  };
}
