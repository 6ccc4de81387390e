import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { encodeFunctionData, type Hex } from "viem";
import { testAccount } from "../../../helpers/anvil.ts";
import { DOLLAR, TestMarket } from "../../../helpers/test-market.ts";
import { addNodes, freshPublicKeys, seatCommittee } from "../../../helpers/test-network.ts";
import { type CliNetwork, type Outcome, startCliNetwork } from "./cli-network.ts";

/** Epoch in which a market of a test opens. */
const FIRST = 20;
/** Index of the account of `client.json`, which has allowed nobody anything. */
export const NEW_CLIENT = 6;

/** A network with node 0 of `owner.json` and a stablecoin, and a wallet `client.json` with a hundred of it. */
export interface CliMarket {
  network: CliNetwork;
  market: TestMarket;
  /** Runs a command with a wallet and `--yes`; it must succeed. */
  send(wallet: string, ...words: string[]): Promise<Outcome>;
  /** Runs a command with a wallet without sending. */
  dry(wallet: string, ...words: string[]): Promise<Outcome>;
  /** The sentence with which a command is refused. */
  refusal(wallet: string, ...words: string[]): Promise<string>;
  /** Running epoch. */
  epoch(): Promise<number>;
  goTo(epoch: number): Promise<void>;
  /** Stablecoin of an account. */
  balance(account: number): Promise<bigint>;
}

/** Starts a network on which leases can be opened; listing 1 offers ten units. */
export async function startCliMarket(): Promise<CliMarket> {
  const network = await startCliNetwork({ isHere: true });
  for (const [name, index] of [["client.json", NEW_CLIENT] as const, ["any.json", 8] as const]) {
    await network.keystore(name, "secp256k1", "wallet", testAccount(index).getHdKey().privateKey!);
  }
  await addNodes(network, freshPublicKeys(1));
  const relayers = await seatCommittee(network, [{ accountIndex: 10, endpoint: "https://127.0.0.1:1" }]);
  const goTo = (epoch: number) => network.chain.mineAt(network.epochStart(epoch));
  await goTo(FIRST);
  const market = await TestMarket.open(network, relayers, FIRST - 2);
  await market.list();
  const args = [testAccount(NEW_CLIENT).address, 100n * DOLLAR] as const;
  const data = encodeFunctionData({ abi: testStablecoinAbi, functionName: "mint", args });
  await network.chain.send({ from: testAccount(0).address, to: market.token, data });
  const by = (wallet: string, words: string[]) => [...words, "--wallet", network.file(wallet)];
  return {
    ...{ network, market, goTo },
    send: (wallet, ...words) => network.ok(...by(wallet, words), "--yes"),
    dry: (wallet, ...words) => network.ok(...by(wallet, words)),
    async refusal(wallet, ...words) {
      const { status, json } = await network.run(...by(wallet, words));
      if (status === 0) throw new Error(`pqmesh ${words.join(" ")} was not refused`);
      return json<{ error: string }>().error;
    },
    async epoch() {
      const { timestamp } = await network.chain.head();
      return Math.floor((timestamp - network.epochStart(0)) / network.config.epoch.lengthSeconds);
    },
    async balance(account) {
      const owner = [testAccount(account).address] as const;
      const call = encodeFunctionData({ abi: testStablecoinAbi, functionName: "balanceOf", args: owner });
      return BigInt(await network.chain.rpc<Hex>("eth_call", { to: market.token, data: call }, "latest"));
    },
  };
}
