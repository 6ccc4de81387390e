import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { leaseVouchersAbi } from "@pqmesh/contracts/generated/lease-vouchers-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import {
  type Abi,
  type Address,
  BaseError,
  createPublicClient,
  decodeErrorResult,
  erc20Abi,
  fallback,
  formatUnits,
  type Hex,
  http,
  type PublicClient,
  RawContractError,
} from "viem";

import type { IndexerConfig } from "../../engine/config/indexer-config.ts";
import { CatalogProblem } from "../catalog-problem.ts";
import type { CatalogSettings } from "../extension.ts";

/** ABIs of the contracts that transactions are for. */
export const ABIS = {
  NodeListings: nodeListingsAbi,
  LeaseEscrow: leaseEscrowAbi,
  LeaseDisputes: leaseDisputesAbi,
  LeaseVouchers: leaseVouchersAbi,
} as const;

/** Name of one of them. */
export type MarketContract = keyof typeof ABIS;

/** A call that a wallet is to sign. */
export interface UnsignedCall {
  readonly from: Address;
  readonly to: Address;
  readonly data: Hex;
}

/** Errors that mean: not this wallet. */
const FORBIDDEN = /_Not(Operator|Client|Provider|Party|Arbitrator|Admitted)$/;
/** Errors that mean: there is no such thing. */
const UNKNOWN = /_(Unknown\w+|NoDispute)$/;
/** Those of them whose first value is the number that the request gave. */
const ABSENT = /_Unknown(Listing|Lease|Identity|Operator|Node)$/;
const ALL_ERRORS: Abi = [...errorsAbi, ...erc20Abi];

/** The marketplace's contracts as the chain has them now; reads and simulates, and never sends. */
export class MarketChain {
  readonly chainId: number;
  readonly contracts: CatalogSettings["contracts"];
  readonly #client: PublicClient;

  constructor({ chainId, rpcUrls, rpcTimeoutMs }: IndexerConfig, contracts: CatalogSettings["contracts"]) {
    this.chainId = chainId;
    this.contracts = contracts;
    const options = { timeout: rpcTimeoutMs, retryCount: 0 };
    this.#client = createPublicClient({
      transport: fallback(
        rpcUrls.map((url) => http(url, options)),
        { retryCount: 0 },
      ),
    });
  }

  /** @throws CatalogProblem when the contract refuses, or the chain cannot be reached. */
  async read<T>(contract: MarketContract, functionName: string, args: readonly unknown[]): Promise<T> {
    const call = { address: this.contracts[contract], abi: ABIS[contract] as Abi, functionName, args };
    return this.#attempt(() => this.#client.readContract(call)) as Promise<T>;
  }

  /** What of a token an owner has, and what a spender may take of it. */
  async funds(token: Address, owner: Address, spender: Address): Promise<{ balance: bigint; allowance: bigint }> {
    const of = { address: token, abi: erc20Abi } as const;
    const [balance, allowance] = await Promise.all([
      this.#attempt(() => this.#client.readContract({ ...of, functionName: "balanceOf", args: [owner] })),
      this.#attempt(() => this.#client.readContract({ ...of, functionName: "allowance", args: [owner, spender] })),
    ]);
    return { balance, allowance };
  }

  /** An amount of a token as people read it; smallest units when the token does not say more. */
  async amountText(token: Address, amount: bigint): Promise<string> {
    const of = { address: token, abi: erc20Abi } as const;
    try {
      const [decimals, symbol] = await Promise.all([
        this.#client.readContract({ ...of, functionName: "decimals" }),
        this.#client.readContract({ ...of, functionName: "symbol" }),
      ]);
      return `${formatUnits(amount, decimals)} ${/^[\w.-]{1,16}$/.test(symbol) ? symbol : token}`;
    } catch {
      return `${amount} smallest units of ${token}`;
    }
  }

  /** Gas that a call needs. @throws CatalogProblem with the contract's error when it would revert. */
  async gasOf({ from, to, data }: UnsignedCall): Promise<bigint> {
    return this.#attempt(() => this.#client.estimateGas({ account: from, to, data }));
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw problemOf(error);
    }
  }
}

/** The contract's own error as problem details; everything else is trouble with the chain. */
function problemOf(error: unknown): CatalogProblem {
  const data = revertDataOf(error);
  if (data === undefined) {
    const reason = error instanceof BaseError ? error.shortMessage : (error as Error).message;
    return new CatalogProblem(undefined, `the chain cannot be asked: ${reason}`, {
      status: 502,
      type: "chain-unavailable",
    });
  }
  try {
    const { errorName, args = [], abiItem } = decodeErrorResult({ abi: ALL_ERRORS, data });
    const inputs = "inputs" in abiItem ? abiItem.inputs : [];
    const values = args.map((value, i) => `${inputs[i]?.name ?? i} ${String(value)}`);
    const missing = ABSENT.exec(errorName)?.[1]?.toLowerCase();
    if (missing !== undefined) {
      const field = missing === "identity" ? "operator" : missing;
      const detail = `there is no ${missing} ${String(args[0])}`;
      return new CatalogProblem(field, detail, { status: 404, type: "not-found", error: errorName });
    }
    const status = FORBIDDEN.test(errorName) ? 403 : UNKNOWN.test(errorName) ? 404 : 409;
    const detail = `the contract would refuse it: ${errorName}${values.length > 0 ? ` (${values.join(", ")})` : ""}`;
    return new CatalogProblem(undefined, detail, {
      status,
      type: status === 404 ? "not-found" : "refused",
      error: errorName,
    });
  } catch {
    return new CatalogProblem(undefined, "the contract would refuse it", { status: 409, type: "refused" });
  }
}

function revertDataOf(error: unknown): Hex | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const raw = error.walk(
    (cause) => cause instanceof RawContractError || typeof (cause as { data?: unknown }).data === "string",
  );
  const data = (raw as { data?: Hex | { data: Hex } } | null)?.data;
  if (typeof data === "string") return data;
  if (data !== undefined) return data.data;
  return /revert/i.test(error.message) ? "0x" : undefined;
}
