import { NO_OFFER } from "@pqmesh/contracts/protocol/no-offer";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { deliveryKey, formatDeliveryKey } from "@pqmesh/contracts/protocol/delivery-key";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  type Address,
  bytesToHex,
  createPublicClient,
  encodeFunctionData,
  type Hex,
  http,
  maxUint256,
  type PublicClient,
  stringToHex,
  zeroHash,
} from "viem";
import { developmentAccount } from "./accounts.ts";
import { type LeaseSeed, type ListingSeed, marketOf } from "./market-seeds.ts";
import type { StartOptions } from "./options.ts";
import { GenesisWallet } from "./genesis-wallet.ts";
import { waitFor } from "./wait-for.ts";

/** Terms that every listing of a devnet has: short runs of missed epochs break them, so that a refund is soon seen. */
const TERMS = {
  bondEpochs: 60,
  graceEpochs: 30,
  minEpochs: 6,
  maxEpochs: 60_480,
  uptimeBp: 9_500,
  maxMissedRun: 3,
  acceptEpochs: 30,
  noticeEpochs: 6,
} as const;
const LEASE_EPOCHS = 8_640;
/** Epochs until the agents have shown what their nodes attest. */
const PATIENCE_EPOCHS = 30;

/** The market of a devnet: what its operators offer and its clients rent, by the same transactions that people send. */
export class Market {
  readonly #network: NetworkConfig;
  readonly #options: StartOptions;
  readonly #client: PublicClient;

  constructor(network: NetworkConfig, options: StartOptions) {
    this.#network = network;
    this.#options = options;
    this.#client = createPublicClient({ transport: http(network.rpcUrl), cacheTime: 0 });
  }

  /**
   * Lists what the nodes offer once their capacity is shown, and rents some of it.
   *
   * @returns A sentence about what there is.
   */
  async open(signal: AbortSignal): Promise<string> {
    const { listings: listed, leases } = marketOf(this.#options.operators);
    await Promise.all([...new Set(listed.map(({ node }) => node))].map((node) => this.#waitForCapacity(node, signal)));
    for (const seed of listed) await this.#list(seed);
    for (const lease of leases) await this.#lease(lease);
    const keys = path.join(this.#options.dataDir, "clients/1/delivery-key.json");
    return `The market is open: ${listed.length} listings, ${leases.length} leases. Client 1's key for them: ${keys}`;
  }

  async #waitForCapacity(node: number, signal: AbortSignal): Promise<void> {
    const { NodeListings: address } = this.#network.contracts;
    const shown = async (): Promise<true | undefined> => {
      const capacity = { address, abi: nodeListingsAbi, functionName: "capacityOf", args: [node] } as const;
      return (await this.#client.readContract(capacity)).attested > 0n ? true : undefined;
    };
    const timeoutMs = PATIENCE_EPOCHS * this.#options.epochSeconds * 1_000;
    await waitFor(`the capacity of node ${node} to be shown`, shown, { timeoutMs, everyMs: 1_000, signal });
  }

  async #list({ node, kind, privacy, ...seed }: ListingSeed): Promise<void> {
    const { NodeListings, TestStablecoin: token } = this.#network.contracts;
    const level = PRIVACY_LEVELS.indexOf(privacy);
    const supply = { nodeIndex: node, units: seed.units, shareBp: seed.shareBp, kind, privacy: level };
    const terms = { token: token!, price: seed.price, isMetered: seed.isMetered, ...TERMS };
    const description = { metadata: zeroHash, jurisdiction: stringToHex(seed.jurisdiction), specs: seed.specs };
    const args = [supply, terms, description] as const;
    const data = encodeFunctionData({ abi: nodeListingsAbi, functionName: "createListing", args });
    await this.#wallet("operator", node).sendAll([{ to: NodeListings, data }]);
  }

  /** Opens a lease for a day of epochs at 10 s; the client's key for what is delivered is kept in the data directory. */
  async #lease({ client, listingId, price, units }: LeaseSeed): Promise<void> {
    const { LeaseEscrow: escrow, TestStablecoin: token } = this.#network.contracts;
    const rule = await this.#client.readContract({
      address: escrow,
      abi: leaseEscrowAbi,
      functionName: "tokenRuleOf",
      args: [token!],
    });
    const request = {
      ...{ listingId, version: 1, units, epochs: LEASE_EPOCHS, maxPrice: price },
      deposit: price * BigInt(units * LEASE_EPOCHS) + rule.janitorFee,
      deliveryKey: this.#newDeliveryKey(client),
    };
    const allowance = [escrow, maxUint256] as const;
    const approve = encodeFunctionData({ abi: testStablecoinAbi, functionName: "approve", args: allowance });
    const args = [request, NO_OFFER, "0x"] as const;
    const open = encodeFunctionData({ abi: leaseEscrowAbi, functionName: "open", args });
    await this.#wallet("client", client).sendAll([
      { to: token as Address, data: approve },
      { to: escrow, data: open },
    ]);
  }

  #newDeliveryKey(client: number): Hex {
    const key = deliveryKey();
    const file = path.join(this.#options.dataDir, `clients/${client + 1}/delivery-key.json`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, formatDeliveryKey(key), { mode: 0o600 });
    return bytesToHex(key.publicKey);
  }

  #wallet(role: "operator" | "client", number: number): GenesisWallet {
    return new GenesisWallet(developmentAccount(role, this.#network.chainId, number), this.#network.rpcUrl);
  }
}
