import type { ContractName } from "@pqmesh/contracts/protocol/network-config";
import { type Abi, type Address, createPublicClient, encodeFunctionData, http, stringToHex } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import type { DappNetwork } from "./dapp-network.ts";

/** Reports go on while a test acts: what was estimated a block before may be too little. */
const GAS = "0x4c4b40";

/** A call that a test makes beside the browser. */
export interface BesideCall {
  from: Address;
  contract: ContractName;
  abi: Abi;
  name: string;
  args: readonly unknown[];
}

/** Sends a call and waits until it is mined. */
export async function callContract(
  { chain, config }: DappNetwork,
  { from, contract, abi, name, args }: BesideCall,
): Promise<void> {
  const data = encodeFunctionData({ abi, functionName: name, args });
  await chain.send({ from, to: config.contracts[contract], data, gas: GAS });
}

/** What a contract answers. */
export function askContract<T>(
  { config }: DappNetwork,
  { contract, abi, name, args }: Omit<BesideCall, "from">,
): Promise<T> {
  const client = createPublicClient({ transport: http(config.rpcUrl) });
  return client.readContract({ address: config.contracts[contract], abi, functionName: name, args }) as Promise<T>;
}

/** Moves the chain's clock forward and mines a block then. */
export async function passTime({ chain }: DappNetwork, seconds: number): Promise<void> {
  await chain.rpc("evm_increaseTime", seconds);
  await chain.mine(1);
}

/** Changes governed numbers as the DAO; they are in force after their notice. */
export async function setParameters({ network }: DappNetwork, values: Readonly<Record<string, bigint>>): Promise<void> {
  const changes = Object.entries(values).map(([name, value]) => ({ id: stringToHex(name, { size: 32 }), value }));
  await network.call("NetworkParameters", "setMany", [changes], testAccount(0).address);
}
