import { sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { encodeIndexList, hashReport, type Report } from "@pqmesh/contracts/protocol/report";
import { fastify, type FastifyInstance } from "fastify";
import { pino } from "pino";
import { Registry } from "prom-client";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { respondIntent } from "../../../relayer/src/disputes/challenge-intents.ts";
import { disputeKinds } from "../../../relayer/src/disputes/create-disputes.ts";
import { readDisputeConstants } from "../../../relayer/src/disputes/dispute-constants.ts";
import { createDisputeMetrics } from "../../../relayer/src/disputes/dispute-metrics.ts";
import { DisputeSettler } from "../../../relayer/src/disputes/dispute-settler.ts";
import { servedLeaves } from "../../../relayer/src/disputes/leaf-source.ts";
import { WATCH_MIGRATIONS, WatchStore } from "../../../relayer/src/disputes/watch-store.ts";
import { Watchtower } from "../../../relayer/src/disputes/watchtower.ts";
import { toJson } from "../../../relayer/src/read/read-sources.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { OUTBOX_MIGRATIONS } from "../../../relayer/src/submit/outbox-store.ts";
import { createSubmitter, type Submitter } from "../../../relayer/src/submit/submitter.ts";
import { testAccount } from "../../helpers/anvil.ts";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { CommitteeRig, EPOCH, NODES } from "../committee/committee-rig.ts";

/** Account that watches. */
export const WATCHER = 22;
/** Account that owns all nodes. */
const OPERATOR = 0;

/** A leaf that a dishonest committee puts into its report. */
export type PlantedLeaf = Pick<MadeAttestation, "attestation" | "signature" | "wire" | "digest">;

/** The operator of all nodes, who runs no relayer, shows a leaf that was challenged. */
export async function answerLeaf(
  { committee }: WatchRig,
  { id, nodeIndex, leaves }: { id: bigint; nodeIndex: number; leaves: readonly PlantedLeaf[] },
): Promise<void> {
  const { chain, network } = committee;
  const hashes = leaves.map((leaf, i) => [i, attestationLeaf(i, leaf.digest, leaf.signature)] as const);
  const { attestation, signature } = leaves[nodeIndex]!;
  const proof = new ReportTree(new Map(hashes)).proof(nodeIndex);
  const name = { id, nodeIndex, epoch: EPOCH };
  const shown = { seat: 0, attestation, signature: bytesToHex(signature), proof };
  const { to, data } = respondIntent(network.config.contracts.AttestationDisputes, name, shown);
  await chain.send({ from: testAccount(OPERATOR).address, to, data });
}

/** A committee that signs whatever the test says, one relayer's read API, and a watchtower of somebody else. */
export class WatchRig {
  readonly committee: CommitteeRig;
  readonly registry = new Registry();
  chain!: ChainFollower;
  store!: WatchStore;
  readonly #directory = mkdtempSync(join(tmpdir(), "watch-"));
  #api: FastifyInstance | undefined;
  #url = "";
  #serveAgain: () => Promise<void> = () => Promise.resolve();
  #db: DatabaseSync | undefined;
  #submitter: Submitter | undefined;
  #settler: DisputeSettler | undefined;
  #tower: Watchtower | undefined;

  private constructor(committee: CommitteeRig) {
    this.committee = committee;
  }

  static async create(): Promise<WatchRig> {
    const rig = new WatchRig(await CommitteeRig.create());
    await rig.#serve(new Map(), []);
    return rig;
  }

  /** Attestations of all nodes for the epoch, as honest nodes sign them. */
  async attestAll(changes: Partial<MadeAttestation["attestation"]> = {}): Promise<PlantedLeaf[]> {
    const log = pino({ level: "silent" });
    const { network, nodes } = this.committee;
    const view = await followChain({ rpcUrls: [network.config.rpcUrl], network: network.config, log });
    const beacon = view.beaconFor(0, EPOCH)!;
    await view.stop();
    return nodes.map((node) => node.attest(Number(EPOCH), { beacon, ...changes }));
  }

  /**
   * The whole committee reports the epoch with these leaves by position; what is not served is withheld.
   *
   * @param changes What the report says in place of the truth; `forgesSignatures`: each member's ML-DSA-65 signature is
   * served as another one's.
   */
  async report(
    leaves: readonly PlantedLeaf[],
    changes: Partial<Report> & { isServed?: boolean; forgesSignatures?: boolean } = {},
  ): Promise<Report> {
    const { isServed = true, forgesSignatures = false, ...stated } = changes;
    const { network, relayers, chain } = this.committee;
    await chain.mineAt(network.epochStart(EPOCH + 1n));
    await chain.mine(14);
    const placed = new Map(leaves.map((leaf, position) => [position, leaf]));
    const tree = [...placed].map(([position, { digest, signature }]) => {
      return [position, attestationLeaf(position, digest, signature)] as const;
    });
    const absent = encodeIndexList(NODES.slice(leaves.length));
    const root = new ReportTree(new Map(tree)).root;
    const report = await makeReport(network, { epoch: EPOCH, root, absent, quality: "0xffffff", ...stated });
    await postReport(network, report, relayers);
    const domain = { chainId: network.config.chainId, bridge: network.config.contracts.AttestationBridge };
    const digest = hexToBytes(hashReport(domain, report));
    const signatures = relayers.map(({ mldsaKey }) => bytesToHex(sign(null, digest, mldsaKey)));
    this.#serveAgain = () => this.#serve(isServed ? placed : new Map(), signatures, report);
    if (forgesSignatures) await this.#serve(placed, [...signatures.slice(1), ...signatures.slice(0, 1)], report);
    else await this.#serveAgain();
    return report;
  }

  /** Serves the true signatures of members after `forgesSignatures`. */
  async serveTruth(): Promise<void> {
    await this.#serveAgain();
  }

  /** Starts the watchtower; it goes on with what it stored. */
  async watch({ acts = true, bondBudgetWei = 10n ** 17n } = {}): Promise<void> {
    const { network } = this.committee;
    const log = pino({ level: process.env.TEST_LOG ?? "silent" });
    const account = testAccount(WATCHER);
    const { address } = account;
    const { contracts } = network.config;
    this.chain = await followChain({ rpcUrls: [network.config.rpcUrl], network: network.config, log, pollMs: 50 });
    this.#db = openDatabase(join(this.#directory, "watch.db"), [...OUTBOX_MIGRATIONS, ...WATCH_MIGRATIONS]);
    this.store = new WatchStore(this.#db);
    const { chain } = this;
    const submitter = createSubmitter({
      ...{ db: this.#db, chain, account, kinds: disputeKinds(chain), lockDirectory: this.#directory, log },
    });
    this.#submitter = submitter;
    this.registry.clear();
    this.#tower = new Watchtower({
      ...{ chain, contracts, log, store: this.store, sources: [servedLeaves(this.#url)] },
      actor: acts ? { submitter, address, bondBudgetWei } : undefined,
      constants: await readDisputeConstants(chain, contracts.AttestationDisputes),
      metrics: createDisputeMetrics(this.registry),
    });
    this.#tower.start();
    this.#settler = new DisputeSettler({ chain, submitter, contracts, address, isForAll: true, log });
    if (acts) this.#settler.start();
  }

  /** Ends the watchtower; what it stored stays. */
  async unwatch(): Promise<void> {
    this.#settler?.stop();
    await this.#tower?.stop();
    await this.#submitter?.stop();
    await this.chain.stop();
    this.#db?.close();
    this.#tower = undefined;
  }

  /** URL of the one relayer that answers. */
  get url(): string {
    return this.#url;
  }

  /** Reports that were found sound or faulty. */
  async checked(verdict: "sound" | "faulty"): Promise<number> {
    const found = await this.registry.getSingleMetric("pqmesh_disputes_reports_checked_total")?.get();
    return found?.values.find(({ labels }) => labels.verdict === verdict)?.value ?? 0;
  }

  async stop(): Promise<void> {
    if (this.#tower) await this.unwatch();
    await this.#api?.close();
    await this.committee.stop();
    rmSync(this.#directory, { recursive: true });
  }

  /** What the one relayer that answers serves from now on. */
  async #serve(leaves: ReadonlyMap<number, PlantedLeaf>, signatures: readonly Hex[], report?: Report): Promise<void> {
    await this.#api?.close();
    const app = fastify({ forceCloseConnections: true });
    app.get("/v1/reports/:epoch/:shard/leaves", () => {
      return { leaves: [...leaves].map(([nodeIndex, { wire }]) => ({ nodeIndex, wire: bytesToHex(wire) })) };
    });
    const tree = new ReportTree(
      new Map([...leaves].map(([i, { digest, signature }]) => [i, attestationLeaf(i, digest, signature)])),
    );
    app.get<{ Params: { node: string } }>("/v1/attestations/:epoch/:node", ({ params }) => {
      const leafIndex = Number(params.node);
      const { attestation, digest, signature } = leaves.get(leafIndex)!;
      return toJson({
        ...{ attestation, digest, signature: bytesToHex(signature), leafIndex, report: report!, signers: 15n },
        publicKey: bytesToHex(this.committee.nodes[leafIndex]!.publicKey),
        ...{ proof: tree.proof(leafIndex), root: report!.root },
      });
    });
    const hash = `0x${"00".repeat(32)}`;
    const zero = `0x${"00".repeat(20)}`;
    app.get("/v1/reports/:epoch/:shard", () => ({
      report: {
        ...{ epoch: `${EPOCH}`, shard: 0, round: 0, committeeVersion: 1, beaconBlock: "0", beacon: hash, root: hash },
        ...{ absent: "0x", degraded: "0x", quality: "0x" },
      },
      accepted: { digest: hash, signers: "15", submitter: zero, blockNumber: "0", transactionHash: hash },
      signatures: signatures.map((mldsa, seat) => ({ seat, address: zero, ecdsa: "0x", mldsa })),
    }));
    const port = this.#url ? Number(new URL(this.#url).port) : 0;
    this.#url = await app.listen({ host: "127.0.0.1", port });
    this.#api = app;
  }
}
