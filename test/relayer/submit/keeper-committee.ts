import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Logger, pino } from "pino";
import type { Address } from "viem";
import { type ChainFollower, followChain } from "../../../relayer/src/chain/follow-chain.ts";
import { openDatabase } from "../../../relayer/src/store/database.ts";
import { OUTBOX_MIGRATIONS } from "../../../relayer/src/submit/outbox-store.ts";
import { createSubmitter, type Submitter, type SubmitterOptions } from "../../../relayer/src/submit/submitter.ts";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import {
  addNodes,
  deployTestNetwork,
  freshPublicKeys,
  seatCommittee,
  type TestNetwork,
  type TestRelayer,
} from "../../helpers/test-network.ts";
import { waitUntil } from "../../helpers/wait-until.ts";

/** What a keeper gets from its relayer. */
export interface KeeperParts {
  chain: ChainFollower;
  submitter: Submitter;
  address: Address;
  log: Logger;
}

/** What the relayers of a test keep. */
export interface KeeperSetup {
  epochSeconds: number;
  /** Of what the keeper submits. */
  kindsOf(chain: ChainFollower): SubmitterOptions["kinds"];
  keeperOf(parts: KeeperParts, network: TestNetwork): { start(): void; stop(): void | Promise<void> };
}

/** A relayer as far as its keeper is concerned. */
interface Member {
  chain: ChainFollower;
  submitter: Submitter;
  stop(): Promise<void>;
}

const log = pino({ level: "silent" });

/** A network with one node and four seats; a test starts the members that it wants. */
export class KeeperCommittee {
  /** Members that were started, in this order. */
  readonly members: Member[] = [];
  readonly chain: TestChain;
  readonly network: TestNetwork;
  readonly relayers: TestRelayer[];
  readonly #setup: KeeperSetup;

  private constructor(setup: KeeperSetup, network: TestNetwork, relayers: TestRelayer[]) {
    this.#setup = setup;
    this.chain = network.chain;
    this.network = network;
    this.relayers = relayers;
  }

  static async start(setup: KeeperSetup): Promise<KeeperCommittee> {
    const chain = await startAnvil({ timestamp: Math.floor(Date.now() / 1_000) - 100_000 });
    try {
      const network = await deployTestNetwork(chain, { epochSeconds: setup.epochSeconds });
      await addNodes(network, freshPublicKeys(1));
      const seats = [10, 11, 12, 13].map((accountIndex) => ({ accountIndex, endpoint: "https://127.0.0.1:1" }));
      return new KeeperCommittee(setup, network, await seatCommittee(network, seats));
    } catch (error) {
      await chain.stop();
      throw error;
    }
  }

  async startMember(seat: number): Promise<void> {
    const { config } = this.network;
    const chain = await followChain({ rpcUrls: [this.chain.url], network: config, log, pollMs: 20 });
    const directory = mkdtempSync(join(tmpdir(), "keeper-"));
    const db = openDatabase(join(directory, "outbox.db"), OUTBOX_MIGRATIONS);
    const account = testAccount(this.relayers[seat]!.accountIndex);
    const kinds = this.#setup.kindsOf(chain);
    const submitter = createSubmitter({ db, chain, account, kinds, lockDirectory: directory, log });
    const keeper = this.#setup.keeperOf({ chain, submitter, address: account.address, log }, this.network);
    keeper.start();
    const stop = async (): Promise<void> => {
      await keeper.stop();
      await submitter.stop();
      await chain.stop();
      db.close();
      rmSync(directory, { recursive: true });
    };
    this.members.push({ chain, submitter, stop });
  }

  /** Waits until every member has looked at the head. */
  async inStep(): Promise<void> {
    await waitUntil("members are at the head", async () => {
      const { hash } = await this.chain.head();
      return this.members.every((member) => member.chain.head().hash === hash);
    });
    for (const { submitter } of this.members) await submitter.reconcile();
  }

  /** Transactions that members have ever sent. */
  async sent(seats: number[]): Promise<number[]> {
    const nonceOf = (seat: number): Promise<string> =>
      this.chain.rpc("eth_getTransactionCount", this.relayers[seat]!.address, "latest");
    return (await Promise.all(seats.map(nonceOf))).map(Number);
  }

  async stop(): Promise<void> {
    for (const member of this.members) await member.stop();
    await this.chain.stop();
  }
}
