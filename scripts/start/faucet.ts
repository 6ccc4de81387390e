import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Address, encodeFunctionData, type Hex, parseEther, parseUnits } from "viem";
import type { GenesisWallet } from "./genesis-wallet.ts";

/** What one request gives. */
const FAUCET_GRANT = { gas: parseEther("10"), mesh: parseEther("50000"), stablecoin: parseUnits("10000", 6) };

/** What the faucet bears. */
export const FAUCET_LIMITS = {
  /** Seconds after which an address is served again. */
  cooldownSeconds: 60,
  /** Addresses that wait for their grant at most: one after the other is served. */
  waiting: 32,
};

const COOLDOWN_MS = FAUCET_LIMITS.cooldownSeconds * 1_000;
/** When an address for which there was no place may ask again. */
const RETRY_SECONDS = 10;

/** Outcome of a faucet request. */
export type FaucetOutcome = { transactions: Hex[] } | { retryAfterSeconds: number };

/** Gives gas, MESH and stablecoin to an address, once a minute each. Devnet only. */
export class Faucet {
  readonly #wallet: GenesisWallet;
  readonly #contracts: NetworkConfig["contracts"];
  /** Oldest first. */
  readonly #servedAt = new Map<Address, number>();
  #waiting = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(wallet: GenesisWallet, contracts: NetworkConfig["contracts"]) {
    this.#wallet = wallet;
    this.#contracts = contracts;
  }

  /** Sends the grant and waits until it is mined. */
  async give(to: Address): Promise<FaucetOutcome> {
    const key = to.toLowerCase() as Address;
    this.#forgetOld();
    const wait = (this.#servedAt.get(key) ?? -COOLDOWN_MS) + COOLDOWN_MS - performance.now();
    if (wait > 0) return { retryAfterSeconds: Math.ceil(wait / 1000) };
    if (this.#waiting >= FAUCET_LIMITS.waiting) return { retryAfterSeconds: RETRY_SECONDS };
    this.#servedAt.set(key, performance.now());
    this.#waiting += 1;
    const work = this.#queue.then(() => this.#send(to));
    this.#queue = work.catch(() => undefined);
    try {
      return { transactions: await work };
    } catch (error) {
      this.#servedAt.delete(key);
      throw error;
    } finally {
      this.#waiting -= 1;
    }
  }

  #forgetOld(): void {
    for (const [key, servedAt] of this.#servedAt) {
      if (servedAt + COOLDOWN_MS > performance.now()) return;
      this.#servedAt.delete(key);
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
