import {
  type Address,
  createPublicClient,
  createWalletClient,
  type Hex,
  http,
  type LocalAccount,
  type PublicClient,
  type WalletClient,
} from "viem";

/** A call to send. */
export interface Call {
  to: Address;
  value?: bigint;
  data?: Hex;
}

const GAS_LIMIT = 6_000_000n;

/** One account that sends batches of transactions with consecutive nonces and waits until all are mined. */
export class GenesisWallet {
  readonly account: LocalAccount;
  readonly #wallet: WalletClient;
  readonly #client: PublicClient;

  constructor(account: LocalAccount, rpcUrl: string) {
    this.account = account;
    this.#wallet = createWalletClient({ account, transport: http(rpcUrl) });
    this.#client = createPublicClient({ transport: http(rpcUrl), pollingInterval: 100, cacheTime: 0 });
  }

  /**
   * Sends calls in order and waits for all of them.
   *
   * @throws Error naming the call that reverted.
   */
  async sendAll(calls: Call[]): Promise<Hex[]> {
    const first = await this.#client.getTransactionCount({ address: this.account.address, blockTag: "pending" });
    const fees = await this.#client.estimateFeesPerGas();
    const hashes: Hex[] = [];
    for (const [i, call] of calls.entries()) {
      const request = { ...call, ...fees, account: this.account, chain: null, gas: GAS_LIMIT, nonce: first + i };
      hashes.push(await this.#wallet.sendTransaction(request));
    }
    const receipts = await Promise.all(hashes.map((hash) => this.#client.waitForTransactionReceipt({ hash })));
    const failed = receipts.findIndex((receipt) => receipt.status !== "success");
    if (failed >= 0) throw new Error(`call ${failed} of ${this.account.address} to ${calls[failed]!.to} reverted`);
    return hashes;
  }
}
