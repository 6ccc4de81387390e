import { readFileSync } from "node:fs";
import { join } from "node:path";
import { vestingVaultAbi } from "@pqmesh/contracts/generated/vesting-vault-abi";
import { encodeDeployData, type Hex, parseEther } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import type { TestNetwork } from "../../helpers/test-network.ts";

const ARTIFACT = join(import.meta.dirname, "../../../artifacts/contracts/VestingVault.sol/VestingVault.json");
/** MESH that each vault holds. */
const LOCKED = parseEther("1000000");
const YEAR = 365 * 86_400;

/** Gives a test network vaults of team and investors: a cliff that is over after a minute, owned by accounts 2 and 3. */
export async function addVestingVaults(network: TestNetwork): Promise<void> {
  const { chain, config } = network;
  const { bytecode } = JSON.parse(readFileSync(ARTIFACT, "utf8")) as { bytecode: Hex };
  for (const [contract, owner] of [
    ["TeamVesting", testAccount(2).address],
    ["InvestorVesting", testAccount(3).address],
  ] as const) {
    const { timestamp } = await chain.head();
    const args = [owner, BigInt(timestamp), 60n, BigInt(4 * YEAR)] as const;
    const data = encodeDeployData({ abi: vestingVaultAbi, bytecode, args });
    const { contractAddress } = await chain.send({ from: testAccount(0).address, data });
    config.contracts[contract] = contractAddress;
    await network.call("MeshToken", "transfer", [contractAddress, LOCKED], owner);
  }
}
