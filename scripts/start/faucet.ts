import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Address, encodeFunctionData, type Hex, parseEther, parseUnits } from "viem";
import type { GenesisWallet } from "./genesis-wallet.ts";

/** What one request gives. */
const FAUCET_GRANT = { gas: parseEther("10"), mesh: parseEther("50000"), stablecoin: parseUnits("10000", 6) };

const COOLDOWN_MS = 60_000;

/** Outcome of a faucet request. */
export type FaucetOutcome = { transactions: Hex[] } | { retryAfterSeconds: number };

/** Gives gas, MESH and stablecoin to an address, once a minute each. Devnet only. */
export class Faucet {
  readonly #wallet: GenesisWallet;
  readonly #contracts: NetworkConfig["contracts"];
  readonly #servedAt = new Map<Address, number>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(wallet: GenesisWallet, contracts: NetworkConfig["contracts"]) {
    this.#wallet = wallet;
    this.#contracts = contracts;
  }

  /** Sends the grant and waits until it is mined. */
  async give(to: Address): Promise<FaucetOutcome> {
    const key = to.toLowerCase() as Address;
    const wait = (this.#servedAt.get(key) ?? -COOLDOWN_MS) + COOLDOWN_MS - performance.now();
    if (wait > 0) return { retryAfterSeconds: Math.ceil(wait / 1000) };
    this.#servedAt.set(key, performance.now());
    const work = this.#queue.then(() => this.#send(to));
    this.#queue = work.catch(() => undefined);
    try {
      return { transactions: await work };
    } catch (error) {
      this.#servedAt.delete(key);
      throw error;
    }
  }

  async #send(to: Address): Promise<Hex[]> {
    const { MeshToken, TestStablecoin } = this.#contracts;
    const mesh = encodeFunctionData({ abi: meshTokenAbi, functionName: "transfer", args: [to, FAUCET_GRANT.mesh] });
    const calls: { to: Address; value?: bigint; data?: Hex }[] = [
      { to, value: FAUCET_GRANT.gas },
      { to: MeshToken, data: mesh },
    ];
    if (TestStablecoin) {
      const args = [to, FAUCET_GRANT.stablecoin] as const;
      calls.push({
        to: TestStablecoin,
        data: encodeFunctionData({ abi: testStablecoinAbi, functionName: "mint", args }),
      });
    }
    return this.#wallet.sendAll(calls);
  }
}
