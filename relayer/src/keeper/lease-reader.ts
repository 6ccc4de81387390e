import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { SWEEP_OUTCOMES, type SweepOutcome } from "@pqmesh/contracts/protocol/lease-status";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import type { Address, Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData } from "viem/utils";
import { type RpcRequest, RpcResponseError } from "../chain/json-rpc.ts";
import { revertReason } from "../submit/revert-reason.ts";

/** What the end of a lease depends on, of the version that it pins; never changes. */
export interface LeaseTerms {
  nodeIndex: number;
  token: Address;
  graceEpochs: bigint;
  uptimeBp: bigint;
  maxMissedRun: bigint;
}

/** What is recorded for a node in a word of 256 epochs, as bits. */
export interface Marks {
  failed: bigint;
  unreported: bigint;
}

/** What a node did in a range of epochs. */
export interface Service {
  /** First epoch that is not counted. */
  until: bigint;
  /** Epochs in which it was absent, degraded or inactive. */
  missed: bigint;
}

/** What a sweep of one lease would do now. */
export interface TriedSweep {
  outcome: SweepOutcome;
  /** Gas of the sweep of this lease alone. */
  gas: bigint;
  /** Epochs of it that the sweep settles at most. */
  maxEpochs: bigint;
  /** Why it fails. */
  reason?: string;
}

/**
 * Epochs of one lease that a sweep settles at most, tried in this order. The first is more than most terms have; where much is
 * recorded about a node and its shard, a transaction has gas for less, and the last needs little, whatever is recorded.
 */
const SWEEP_PAGES = [131_072n, 2_048n, 256n] as const;
/** Gas of the sweep of one lease at most: three quarters of what a transaction may use (EIP-7825). */
const MAX_PAGE_GAS = 12_000_000n;
/** Epochs that one call asks about: eight words, however much is recorded in them. */
const SERVICE_EPOCHS = 2_048n;

/** Reads what leases depend on from the chain. */
export class LeaseReader {
  readonly #request: RpcRequest;
  readonly #contracts: NetworkConfig["contracts"];
  readonly #terms = new Map<string, Promise<LeaseTerms>>();

  constructor(request: RpcRequest, { contracts }: Pick<NetworkConfig, "contracts">) {
    this.#request = request;
    this.#contracts = contracts;
  }

  /** Terms of a version; read once. */
  terms(listingId: number, version: number): Promise<LeaseTerms> {
    const key = `${listingId}:${version}`;
    const known = this.#terms.get(key);
    if (known) return known;
    const terms = this.#readTerms(listingId, version);
    this.#terms.set(key, terms);
    terms.catch(() => this.#terms.delete(key));
    return terms;
  }

  async marks(nodeIndex: number, word: bigint): Promise<Marks> {
    const call = { abi: attestationBridgeAbi, functionName: "marksOf", args: [nodeIndex, word] } as const;
    const data = await this.#call(this.#contracts.AttestationBridge, encodeFunctionData(call));
    const [failed, unreported] = decodeFunctionResult({ ...call, data });
    return { failed, unreported };
  }

  /** What a node did in the epochs `[from, until)`, up to the first word with an epoch about which a dispute is not over. */
  async service(nodeIndex: number, from: bigint, until: bigint): Promise<Service> {
    let [next, missed] = [from, 0n];
    while (next < until) {
      const asked = next + SERVICE_EPOCHS < until ? next + SERVICE_EPOCHS : until;
      const args = [nodeIndex, next, asked] as const;
      const call = { abi: attestationBridgeAbi, functionName: "serviceOf", args } as const;
      const data = await this.#call(this.#contracts.AttestationBridge, encodeFunctionData(call));
      const counted = decodeFunctionResult({ ...call, data });
      missed += counted.missed;
      if (counted.until < asked) return { until: counted.until > next ? counted.until : next, missed };
      next = asked;
    }
    return { until: next, missed };
  }

  /** What a sweep of one lease by `janitor` would do now. @param delay Epochs after which a janitor is paid. */
  async trySweep(leaseId: bigint, janitor: { janitor: Address; delay: bigint }): Promise<TriedSweep> {
    let tried: TriedSweep | undefined;
    for (const maxEpochs of SWEEP_PAGES) {
      tried = await this.#tryPage(leaseId, maxEpochs, janitor);
      if (tried.outcome !== "Failed" && tried.gas <= MAX_PAGE_GAS) return tried;
    }
    return tried!;
  }

  async #tryPage(
    leaseId: bigint,
    maxEpochs: bigint,
    { janitor, delay }: { janitor: Address; delay: bigint },
  ): Promise<TriedSweep> {
    const escrow = this.#contracts.LeaseEscrow;
    const args = [leaseId, maxEpochs, janitor, delay] as const;
    const call = { abi: leaseEscrowAbi, functionName: "sweepOne", args } as const;
    // The escrow calls itself for each lease: asked for in its name, the chain tells about one alone.
    const request = { from: escrow, to: escrow, data: encodeFunctionData(call) };
    try {
      const [data, gas] = await Promise.all([
        this.#request("eth_call", [request, "latest"]) as Promise<Hex>,
        this.#request("eth_estimateGas", [request, "latest"]) as Promise<Hex>,
      ]);
      const outcome = SWEEP_OUTCOMES[decodeFunctionResult({ ...call, data })] ?? "Failed";
      return { outcome, gas: BigInt(gas), maxEpochs };
    } catch (error) {
      if (!(error instanceof RpcResponseError)) throw error;
      return { outcome: "Failed", gas: 0n, maxEpochs, reason: revertReason(error) };
    }
  }

  async #readTerms(listingId: number, version: number): Promise<LeaseTerms> {
    const listings = this.#contracts.NodeListings;
    const args = [listingId, version] as const;
    const terms = { abi: nodeListingsAbi, functionName: "termsOf", args } as const;
    const tenancy = { abi: nodeListingsAbi, functionName: "tenancyOf", args } as const;
    const [termsData, tenancyData] = await Promise.all([
      this.#call(listings, encodeFunctionData(terms)),
      this.#call(listings, encodeFunctionData(tenancy)),
    ]);
    const { token, graceEpochs, uptimeBp, maxMissedRun } = decodeFunctionResult({ ...terms, data: termsData });
    const { nodeIndex } = decodeFunctionResult({ ...tenancy, data: tenancyData });
    return {
      ...{ nodeIndex, token, graceEpochs: BigInt(graceEpochs) },
      ...{ uptimeBp: BigInt(uptimeBp), maxMissedRun: BigInt(maxMissedRun) },
    };
  }

  async #call(to: Address, data: Hex): Promise<Hex> {
    return (await this.#request("eth_call", [{ to, data }, "latest"])) as Hex;
  }
}
