import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { summarise } from "@pqmesh/contracts/protocol/report-summary";
import {
  type Abi,
  type Address,
  bytesToHex,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  maxUint256,
  stringToHex,
  zeroAddress,
  zeroHash,
} from "viem";
import { attestShares, WHOLE_NODE } from "../../scripts/bench/attested-shares.ts";
import { testAccount } from "./anvil.ts";
import { makeReport, postReport } from "./signed-report.ts";
import type { TestNetwork, TestRelayer } from "./test-network.ts";

/** One unit of the market's stablecoin, which has six decimals. */
export const DOLLAR = 1_000_000n;
/** What each client prepays for a sweep. */
export const JANITOR_FEE = DOLLAR / 2n;
/** Index of the account that leases; account 0 is the operator of node 0. */
export const CLIENT = 5;

const abis = {
  NodeListings: nodeListingsAbi as Abi,
  LeaseEscrow: leaseEscrowAbi as Abi,
  LeaseDisputes: leaseDisputesAbi as Abi,
};

/** What a version says unless a test says otherwise: a dollar for a unit and epoch. */
const TERMS = {
  price: DOLLAR,
  bondEpochs: 5,
  graceEpochs: 3,
  minEpochs: 2,
  maxEpochs: 2_000,
  uptimeBp: 9_000,
  maxMissedRun: 3,
  acceptEpochs: 2,
  noticeEpochs: 2,
  isMetered: false,
};

/** Terms of a version, without its token. */
export type TestTerms = typeof TERMS;

/** What a test leases. */
interface Wish {
  listing?: number;
  units?: number;
  epochs?: number;
  /** Epochs that are paid in advance; all by default. */
  paid?: number;
}

/** Leases of node 0 of a network whose committee is seated, in a stablecoin. */
export class TestMarket {
  readonly network: TestNetwork;
  readonly token: Address;
  readonly relayers: TestRelayer[];

  private constructor(network: TestNetwork, relayers: TestRelayer[], token: Address) {
    this.network = network;
    this.relayers = relayers;
    this.token = token;
  }

  /** Deploys the stablecoin, gives operator and client of it, and shows what node 0 attests in an epoch that is over. */
  static async open(network: TestNetwork, relayers: TestRelayer[], epoch: number): Promise<TestMarket> {
    const { chain, config } = network;
    const admin = testAccount(0).address;
    const file = join(import.meta.dirname, "../../artifacts/contracts/devnet/TestStablecoin.sol/TestStablecoin.json");
    const { bytecode } = JSON.parse(readFileSync(file, "utf8")) as { bytecode: Hex };
    const data = encodeDeployData({ abi: testStablecoinAbi, bytecode, args: [admin] });
    const { contractAddress: token } = await chain.send({ from: admin, data });
    const market = new TestMarket(network, relayers, token);
    await market.call("LeaseEscrow", "setTokenRule", [
      token,
      { isAllowed: true, janitorFee: JANITOR_FEE, minDeposit: 1n },
    ]);
    for (const account of [0, CLIENT]) {
      const owner = testAccount(account).address;
      await market.#callToken(admin, "mint", [owner, 1_000_000n * DOLLAR]);
      for (const spender of [config.contracts.LeaseEscrow, config.contracts.LeaseDisputes]) {
        await market.#callToken(owner, "approve", [spender, maxUint256]);
      }
    }
    await market.call("LeaseEscrow", "depositBond", [1, token, 10_000n * DOLLAR, "0x"]);
    await market.call("LeaseEscrow", "setDeliveryKey", [bytesToHex(randomBytes(1_184))], CLIENT);
    await market.showCapacity(epoch);
    return market;
  }

  /** Calls a contract of the marketplace; by default as the operator. */
  async call(contract: keyof typeof abis, functionName: string, args: unknown[], by = 0): Promise<void> {
    const data = encodeFunctionData({ abi: abis[contract], functionName, args });
    const to = this.network.config.contracts[contract];
    // Estimates of anvil are too low for calls that go on after an inner one failed.
    await this.network.chain.send({ from: testAccount(by).address, to, data, gas: "0x4c4b40" });
  }

  /** Posts a report of an epoch in which node 0 claims all of everything, and shows it. */
  async showCapacity(epoch: number): Promise<void> {
    const { config } = this.network;
    const domain = { chainId: config.chainId, bridge: config.contracts.AttestationBridge };
    const { root, proofOf } = attestShares(domain, epoch, new Map([[0, WHOLE_NODE]]));
    const report = await makeReport(this.network, { epoch: BigInt(epoch), root });
    await postReport(this.network, report, this.relayers);
    const signers = this.relayers.reduce((bits, _, seat) => bits | (1n << BigInt(seat)), 0n);
    await this.call("NodeListings", "showCapacity", [summarise(report, signers), ...proofOf(0)]);
  }

  /** Posts a report of the epoch before the last one: an older one cannot be reported any more. */
  async report(epoch: number, { isAbsent = false, isDegraded = false } = {}): Promise<void> {
    const absent = encodeIndexList(isAbsent ? [0] : []);
    const degraded = encodeIndexList(isDegraded ? [0] : []);
    const report = await makeReport(this.network, { epoch: BigInt(epoch), absent, degraded });
    await postReport(this.network, report, this.relayers);
  }

  /** Offers ten units of 10 % of the node's CPU, for everybody; returns the number of the listing. */
  async list(changes: Partial<TestTerms> = {}): Promise<number> {
    const terms = { token: this.token, ...TERMS, ...changes };
    const supply = { nodeIndex: 0, units: 10, shareBp: 500, kind: 0, privacy: 4 };
    const description = { metadata: zeroHash, jurisdiction: stringToHex("DE"), specs: "" };
    await this.call("NodeListings", "createListing", [supply, terms, description]);
    return Number(await this.#read("NodeListings", "listingCount"));
  }

  /** The client opens a lease; returns its number. */
  async lease({ listing = 1, units = 1, epochs = 20, paid = epochs }: Wish = {}): Promise<bigint> {
    const deposit = BigInt(paid * units) * DOLLAR + JANITOR_FEE;
    const request = { listingId: listing, version: 1, units, epochs, deposit, maxPrice: DOLLAR, deliveryKey: "0x" };
    const offer = { signer: zeroAddress, expiresAt: 0n, nonce: 0n, signature: "0x" };
    await this.call("LeaseEscrow", "open", [request, offer, "0x"], CLIENT);
    return BigInt(await this.#read("LeaseEscrow", "leaseCount"));
  }

  /** The same, accepted: it starts with the next epoch. */
  async rent(wish: Wish = {}): Promise<bigint> {
    const leaseId = await this.lease(wish);
    await this.call("LeaseEscrow", "accept", [leaseId, "0x"]);
    return leaseId;
  }

  /** What an account can withdraw of the escrow. */
  async credit(account: number): Promise<bigint> {
    const data = encodeFunctionData({
      abi: leaseEscrowAbi,
      functionName: "creditOf",
      args: [this.token, testAccount(account).address],
    });
    const { chain, config } = this.network;
    return BigInt(await chain.rpc<Hex>("eth_call", { to: config.contracts.LeaseEscrow, data }, "latest"));
  }

  async #read(contract: keyof typeof abis, functionName: string): Promise<Hex> {
    const data = encodeFunctionData({ abi: abis[contract], functionName });
    return this.network.chain.rpc<Hex>("eth_call", { to: this.network.config.contracts[contract], data }, "latest");
  }

  async #callToken(from: Address, functionName: "mint" | "approve", args: [Address, bigint]): Promise<void> {
    const data = encodeFunctionData({ abi: testStablecoinAbi, functionName, args });
    await this.network.chain.send({ from, to: this.token, data });
  }
}
