import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { encodeIndexList, hashReceipt } from "@pqmesh/contracts/protocol/report";
import { pino } from "pino";
import { Registry } from "prom-client";
import { createPublicClient, http } from "viem";
import { Journal } from "../../../relayer/src/agent/journal.ts";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { HOT_WALLET_MIGRATIONS, HotWallet } from "../../../relayer/src/self-proof/hot-wallet.ts";
import { createSelfProofMetrics } from "../../../relayer/src/self-proof/self-proof-metrics.ts";
import { SelfProver } from "../../../relayer/src/self-proof/self-prover.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { testAccount } from "../../helpers/anvil.ts";
import type { MadeAttestation } from "../../helpers/attesting-node.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { temporaryFolder } from "../../indexer/fixture/temporary-folder.ts";
import { CommitteeRig } from "../committee/committee-rig.ts";

/** Node that the committee passes over. */
const NODE = 0;

/** A committee that signs whatever the test says, and what the agent of one node does about it. */
export class SelfProofRig {
  readonly committee: CommitteeRig;
  readonly folder = temporaryFolder();
  readonly journal = new Journal(join(this.folder, "journal.sqlite"));
  chain!: ChainFollower;
  registry = new Registry();
  #db: DatabaseSync | undefined;
  #prover: SelfProver | undefined;
  #wallet: HotWallet | undefined;

  private constructor(committee: CommitteeRig) {
    this.committee = committee;
  }

  static async create(): Promise<SelfProofRig> {
    return new SelfProofRig(await CommitteeRig.create());
  }

  /** Moves chain time into an epoch. */
  async goTo(epoch: bigint, second = 1): Promise<void> {
    const { chain, network } = this.committee;
    await chain.mineAt(network.epochStart(epoch) + second);
  }

  /** The agent signs an epoch; it is in its journal. */
  async attest(epoch: bigint): Promise<MadeAttestation> {
    const made = this.committee.nodes[NODE]!.attest(Number(epoch), { beacon: await this.#beaconFor(epoch) });
    this.journal.append(made, made.digest);
    return made;
  }

  /** Members acknowledge an attestation. */
  async acknowledge({ attestation, digest }: MadeAttestation, seats: readonly number[]): Promise<void> {
    const { network, relayers } = this.committee;
    const { epoch, sequence } = attestation;
    const domain = { chainId: network.config.chainId, bridge: network.config.contracts.AttestationBridge };
    for (const seat of seats) {
      const { accountIndex, address } = relayers[seat]!;
      const signature = await testAccount(accountIndex).sign({ hash: hashReceipt(domain, { epoch, root: digest }) });
      const place = { index: 0, size: 1, path: [] };
      const names = { epoch: `${epoch}`, nodeIndex: NODE, sequence: `${sequence}`, digest, root: digest };
      this.journal.addReceipt(sequence, address, { ...names, ...place, signature });
    }
  }

  /** The whole committee reports an epoch; by default without any node. */
  async report(epoch: bigint, absent: readonly number[] = [0, 1, 2]): Promise<void> {
    const { network, relayers, chain } = this.committee;
    await chain.mine(14);
    const report = await makeReport(network, { epoch, absent: encodeIndexList([...absent]) });
    await postReport(network, report, relayers);
  }

  /** Starts what looks after the node; it goes on with what it stored. */
  async watch({ hasWallet = true, dailyBudgetWei = 10n ** 18n } = {}): Promise<void> {
    const { network } = this.committee;
    const log = pino({ level: process.env.TEST_LOG ?? "silent" });
    const scope = { nodeIndex: NODE, shard: 0, withDisputes: hasWallet };
    const { config } = network;
    this.chain = await followChain({ rpcUrls: [config.rpcUrl], network: config, log, pollMs: 25, scope });
    this.#db = openDatabase(join(this.folder, "wallet.sqlite"), HOT_WALLET_MIGRATIONS);
    this.registry = new Registry();
    const { chain, registry, folder: lockDirectory } = this;
    const limits = { maxFeePerGasWei: 10n ** 11n, dailyBudgetWei };
    const account = testAccount(0);
    this.#wallet = hasWallet
      ? new HotWallet({ db: this.#db, chain, account, lockDirectory, log, registry, ...limits })
      : undefined;
    this.#prover = new SelfProver({
      ...{
        nodeIndex: NODE,
        routes: 3,
        chain,
        contracts: config.contracts,
        journal: this.journal,
        wallet: this.#wallet,
        log,
      },
      metrics: createSelfProofMetrics(registry),
    });
    this.#prover.start();
  }

  /** Ends it; what it stored stays. */
  async unwatch(): Promise<void> {
    await this.#prover?.stop();
    await this.#wallet?.stop();
    this.#prover = undefined;
    await this.chain?.stop();
    this.#db?.close();
  }

  async stop(): Promise<void> {
    if (this.#prover) await this.unwatch();
    this.journal.close();
    await this.committee.stop();
  }

  /** Value of a metric. */
  async metric(name: string): Promise<number> {
    const found = await this.registry.getSingleMetric(`pqmesh_agent_${name}`)?.get();
    return found?.values[0]?.value ?? NaN;
  }

  /** Status of the node in an epoch, as the bridge numbers it: 2 is attested. */
  async statusOf(epoch: bigint): Promise<number> {
    const { chain, network } = this.committee;
    const client = createPublicClient({ transport: http(chain.url), cacheTime: 0 });
    const address = network.config.contracts.AttestationBridge;
    return client.readContract({ address, abi: attestationBridgeAbi, functionName: "statusOf", args: [NODE, epoch] });
  }

  async #beaconFor(epoch: bigint): Promise<`0x${string}`> {
    const { network } = this.committee;
    const log = pino({ level: "silent" });
    const view = await followChain({ rpcUrls: [network.config.rpcUrl], network: network.config, log });
    const beacon = view.beaconFor(0, epoch)!;
    await view.stop();
    return beacon;
  }
}
