import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { deliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import { attestationLeaf, ReportTree } from "@pqmesh/contracts/protocol/merkle";
import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { type LeaseCredential, openCredential } from "@pqmesh/contracts/protocol/sealed-credential";
import { pino } from "pino";
import { Registry } from "prom-client";
import {
  type Abi,
  type Address,
  bytesToHex,
  createPublicClient,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  http,
} from "viem";
import { packShares } from "../../../relayer/src/agent/config.ts";
import { Journal } from "../../../relayer/src/agent/journal.ts";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { LeaseClient } from "../../../relayer/src/delivery/lease-client.ts";
import type { LeaseProvider } from "../../../relayer/src/delivery/lease-provider.ts";
import { type LeasesConfig, leasesSchema } from "../../../relayer/src/delivery/leases-schema.ts";
import { openDelivery } from "../../../relayer/src/delivery/open-delivery.ts";
import { HOT_WALLET_MIGRATIONS, HotWallet } from "../../../relayer/src/self-proof/hot-wallet.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { testAccount } from "../../helpers/anvil.ts";
import { makeReport, postReport } from "../../helpers/signed-report.ts";
import { waitUntil } from "../../helpers/wait-until.ts";
import { temporaryFolder } from "../../indexer/fixture/temporary-folder.ts";
import { CommitteeRig, EPOCH } from "../committee/committee-rig.ts";

const NODE = 0;
const CPU = 0;
const STORAGE = 3;
const FULL_PUBLIC = 4;
const PRICE = 1_000n;
const SHARES = packShares({ cpu: 5_000, gpu: 0, memory: 5_000, storage: 5_000, network: 5_000, container: 5_000 });
const MIB = 1_048_576;

/** Owner and hot wallet of the node's operator, who is also the timelock of the test network. */
const OPERATOR = testAccount(0).address;
export const CLIENT = testAccount(6).address;
export const OTHER_CLIENT = testAccount(7).address;
/** Delivery key of the client. */
export const KEY = deliveryKey(new Uint8Array(64).fill(6));
export const OTHER_KEY = deliveryKey(new Uint8Array(64).fill(7));

const abis = { NodeListings: nodeListingsAbi as Abi, LeaseEscrow: leaseEscrowAbi as Abi };

/** Terms of the listing; a test changes what it is about. */
export interface TermChanges {
  bondEpochs?: number;
  isMetered?: boolean;
  acceptEpochs?: number;
  /** GiB of storage that a unit promises; then the listing is of kind Storage. */
  storageGib?: number;
}

/** A chain with one node on offer, its operator's agent as far as leases go, and clients. */
export class LeaseRig {
  readonly committee: CommitteeRig;
  readonly folder = temporaryFolder();
  readonly journal = new Journal(join(this.folder, "journal.sqlite"));
  readonly log: Record<string, unknown>[] = [];
  chain!: ChainFollower;
  provider!: LeaseProvider;
  #token!: Address;
  #db: DatabaseSync | undefined;
  #wallet: HotWallet | undefined;
  #api: Server | undefined;
  #openedAt = 0;
  usedPort = 0;

  private constructor(committee: CommitteeRig) {
    this.committee = committee;
  }

  /** Chain time then is {@link EPOCH} + 1; the node's shares are shown unless told otherwise. */
  static async create({ isShown = true } = {}): Promise<LeaseRig> {
    const rig = new LeaseRig(await CommitteeRig.create());
    await rig.#fund();
    await rig.#report(isShown);
    return rig;
  }

  /** Offers ten units of a tenth of the node's processors; returns the number of the listing. */
  async list(changes: TermChanges = {}): Promise<void> {
    const { storageGib } = changes;
    const kind = storageGib === undefined ? CPU : STORAGE;
    const specs = storageGib === undefined ? "{}" : JSON.stringify({ medium: "SSD", storageGib });
    await this.#send(OPERATOR, "NodeListings", "createListing", [
      { nodeIndex: NODE, units: 10, shareBp: 1_000, kind, privacy: FULL_PUBLIC },
      this.#terms(changes),
      { metadata: `0x${"00".repeat(32)}`, jurisdiction: "0x4445", specs },
    ]);
  }

  /** Offers other terms from now on. */
  async publish(changes: TermChanges = {}): Promise<void> {
    const description = { metadata: `0x${"00".repeat(32)}`, jurisdiction: "0x4445", specs: "{}" };
    const args = [1, this.#terms(changes), description];
    await this.#send(OPERATOR, "NodeListings", "publishVersion", args);
  }

  /** A client opens a lease of twenty epochs. @param options.paid Epochs that its deposit pays for. */
  async open({ client = CLIENT, key = KEY, units = 1, version = 1, paid = 20 } = {}): Promise<void> {
    const deposit = PRICE * BigInt(units * paid);
    this.#openedAt = (await this.committee.chain.head()).number + 1;
    const request = { listingId: 1, version, units, epochs: 20, deposit, maxPrice: PRICE };
    const offer = { signer: OPERATOR, expiresAt: 0n, nonce: 0n, signature: "0x" };
    const deliveryKey = bytesToHex(key.publicKey);
    await this.#send(client, "LeaseEscrow", "open", [{ ...request, deliveryKey }, offer, "0x"]);
  }

  async bond(amount: bigint): Promise<void> {
    await this.#send(OPERATOR, "LeaseEscrow", "depositBond", [1, this.#token, amount, "0x"]);
  }

  /** Sends a call of the escrow from a client. */
  async ask(functionName: string, args: readonly unknown[], from: Address = CLIENT): Promise<void> {
    await this.#send(from, "LeaseEscrow", functionName, args);
  }

  /** Starts the agent's serving of leases; it goes on with what it stored. */
  async serve(changes: Partial<LeasesConfig> = {}): Promise<void> {
    const { config } = this.committee.network;
    const log = pino({ level: "debug" }, { write: (line) => void this.log.push(JSON.parse(line) as never) });
    const scope = { nodeIndex: NODE, shard: 0, withDisputes: true };
    this.chain = await followChain({ rpcUrls: [config.rpcUrl], network: config, log, pollMs: 20, scope });
    const network = { ...config, relayers: [{ address: OPERATOR, url: this.#apiUrl }] };
    const listen = { host: "127.0.0.1", port: await freePort() };
    const leases = { ...leasesSchema.parse({ listen, bytesPerUnit: MIB, maxBytes: 8 * MIB }), ...changes };
    this.usedPort = leases.listen.port;
    const parts = { leases, passMs: 50, shares: SHARES, dataDir: this.folder, network, journal: this.journal };
    const delivery = await openDelivery({ config: { nodeIndex: NODE }, ...parts, chain: this.chain, log });
    this.#db = openDatabase(join(this.folder, "wallet.sqlite"), HOT_WALLET_MIGRATIONS);
    this.#wallet = new HotWallet({
      ...{ db: this.#db, chain: this.chain, account: testAccount(0), lockDirectory: this.folder, log },
      ...{ kinds: delivery.kinds, registry: new Registry() },
      ...{ maxFeePerGasWei: 10n ** 11n, dailyBudgetWei: 10n ** 18n },
    });
    this.provider = delivery.start(this.#wallet);
  }

  /** Ends it; what it stored stays. */
  async unserve(): Promise<void> {
    await this.provider.stop();
    await this.#wallet?.stop();
    await this.chain.stop();
    this.#db?.close();
    this.#db = undefined;
  }

  async stop(): Promise<void> {
    if (this.#db) await this.unserve();
    this.#api?.close();
    this.journal.close();
    await this.committee.stop();
  }

  /** Lets blocks pass until something holds. */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    await waitUntil(what, async () => {
      await this.committee.chain.mine();
      return condition();
    });
  }

  /** Lets blocks pass until the agent serves exactly these leases. */
  untilServed(...leaseIds: bigint[]): Promise<void> {
    return this.until(`leases ${leaseIds.join()} are served`, () => this.provider.served.join() === leaseIds.join());
  }

  /** Lets blocks pass until the agent said something of a lease. */
  untilSaid(part: string): Promise<void> {
    return this.until(`the log says "${part}"`, () => this.log.some((line) => JSON.stringify(line).includes(part)));
  }

  /** Lets blocks pass until an intent of a kind was handed to the chain. */
  untilSent(kind: string): Promise<void> {
    return waitUntil(`${kind} is sent`, () =>
      this.log.some((line) => line.msg === "sending intent" && line.kind === kind),
    );
  }

  /** True when no transaction of the wallet is open. */
  get isIdle(): boolean {
    return this.#db!.prepare("SELECT 1 FROM outbox_entry WHERE state = 'open'").get() === undefined;
  }

  /** The client names another delivery key. */
  nameKey(key: typeof KEY): Promise<void> {
    return this.ask("setDeliveryKey", [bytesToHex(key.publicKey)]);
  }

  /** Takes the newest opening and everything after it off the chain. */
  async reorgBefore(): Promise<void> {
    const { chain } = this.committee;
    await chain.reorg((await chain.head()).number - this.#openedAt + 1);
    await chain.mine();
  }

  /** The committee reports an epoch in which the node attested. */
  async report(epoch: bigint): Promise<void> {
    const { chain, network, relayers } = this.committee;
    await chain.mine(14);
    await postReport(network, await makeReport(network, { epoch, absent: encodeIndexList([1, 2]) }), relayers);
  }

  /** Moves chain time to an epoch. */
  async goTo(epoch: bigint): Promise<void> {
    await this.committee.chain.mineAt(this.committee.network.epochStart(epoch) + 1);
  }

  async statusOf(leaseId: bigint): Promise<number> {
    const [lease] = await this.#client.readContract({
      ...this.#escrow,
      functionName: "leaseOf",
      args: [leaseId],
    });
    return lease.status;
  }

  async attestedShares(): Promise<bigint> {
    const address = this.committee.network.config.contracts.NodeListings;
    const call = { address, abi: nodeListingsAbi, functionName: "capacityOf", args: [NODE] } as const;
    return (await this.#client.readContract(call)).attested;
  }

  /** Everything that was delivered for a lease, oldest first. */
  async delivered(leaseId: bigint): Promise<Hex[]> {
    const filter = { ...this.#escrow, eventName: "CredentialDelivered", args: { leaseId }, fromBlock: 0n } as const;
    const events = await this.#client.getContractEvents(filter);
    return events.map(({ args }) => args.sealed_!);
  }

  /** Opens what was delivered last, as its client. */
  async credential(leaseId: bigint, { client = CLIENT, key = KEY } = {}): Promise<LeaseCredential> {
    const { config } = this.committee.network;
    const context = { chainId: config.chainId, escrow: config.contracts.LeaseEscrow, leaseId, client };
    return openCredential(context, (await this.delivered(leaseId)).at(-1) ?? "0x", key.seed);
  }

  async connect(leaseId: bigint, who: { client?: Address; key?: typeof KEY } = {}): Promise<LeaseClient> {
    return LeaseClient.of(await this.credential(leaseId, who));
  }

  async #send(
    from: Address,
    contract: keyof typeof abis,
    functionName: string,
    args: readonly unknown[],
  ): Promise<void> {
    const to = this.committee.network.config.contracts[contract];
    const data = encodeFunctionData({ abi: abis[contract], functionName, args });
    await this.committee.chain.send({ from, to, data });
  }

  get #client() {
    return createPublicClient({ transport: http(this.committee.chain.url), cacheTime: 0 });
  }

  get #escrow() {
    return { address: this.committee.network.config.contracts.LeaseEscrow, abi: leaseEscrowAbi } as const;
  }

  get #apiUrl(): string {
    return `http://127.0.0.1:${(this.#api!.address() as AddressInfo).port}`;
  }

  #terms({ bondEpochs = 0, isMetered = false, acceptEpochs = 2 }: TermChanges): object {
    const lengths = { bondEpochs, graceEpochs: 1, minEpochs: 1, maxEpochs: 100, acceptEpochs, noticeEpochs: 0 };
    return { token: this.#token, price: PRICE, ...lengths, uptimeBp: 0, maxMissedRun: 100, isMetered };
  }

  async #fund(): Promise<void> {
    const { chain, network } = this.committee;
    const file = join(
      import.meta.dirname,
      "../../../artifacts/contracts/devnet/TestStablecoin.sol/TestStablecoin.json",
    );
    const { bytecode } = JSON.parse(readFileSync(file, "utf8")) as { bytecode: Hex };
    const data = encodeDeployData({ abi: testStablecoinAbi, bytecode, args: [OPERATOR] });
    const { contractAddress: to } = await chain.send({ from: OPERATOR, data });
    this.#token = to;
    for (const holder of [OPERATOR, CLIENT, OTHER_CLIENT]) {
      const mint = { functionName: "mint", args: [holder, 10n ** 12n] } as const;
      await chain.send({ from: OPERATOR, to, data: encodeFunctionData({ abi: testStablecoinAbi, ...mint }) });
      const approve = { functionName: "approve", args: [network.config.contracts.LeaseEscrow, 10n ** 12n] } as const;
      await chain.send({ from: holder, to, data: encodeFunctionData({ abi: testStablecoinAbi, ...approve }) });
    }
    const rule = { isAllowed: true, janitorFee: 0n, minDeposit: 0n };
    await this.#send(OPERATOR, "LeaseEscrow", "setTokenRule", [to, rule]);
  }

  /** The node attests {@link EPOCH}, the committee reports it, and a relayer's read API has the proof. */
  async #report(isShown: boolean): Promise<void> {
    const { chain, network, nodes, relayers } = this.committee;
    await chain.mineAt(network.epochStart(EPOCH) + 1);
    const made = nodes[NODE]!.attest(Number(EPOCH), { shares: SHARES });
    this.journal.append(made, made.digest);
    await chain.mineAt(network.epochStart(EPOCH + 1n) + 1);
    await chain.mine(14);
    const tree = new ReportTree(new Map([[NODE, attestationLeaf(NODE, made.digest, made.signature)]]));
    const absent = encodeIndexList([1, 2]);
    const report = await makeReport(network, { epoch: EPOCH, root: tree.root, absent });
    await postReport(network, report, relayers);
    const claim = { ...made, signature: bytesToHex(made.signature), report, signers: "15", proof: tree.proof(NODE) };
    const text = JSON.stringify(claim, (_name, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
    this.#api = createServer((_request, response) => response.end(text)).listen(0, "127.0.0.1");
    if (!isShown) return;
    await this.serve();
    await this.until("the shares are shown", async () => (await this.attestedShares()) === SHARES);
    await this.unserve();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
