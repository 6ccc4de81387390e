import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { type Address, bytesToHex, encodeFunctionData, type Hex, keccak256, stringToHex } from "viem";
import { randomBytes } from "node:crypto";
import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { governorRoles, GOVERNOR_ROLES } from "../../../../scripts/deploy/governor-roles.ts";
import { developmentAccount } from "../../../../scripts/start/accounts.ts";
import { testAccount } from "../../../helpers/anvil.ts";
import { startHardhatNode } from "../../../helpers/hardhat-node.ts";
import { freshPublicKeys, networkOf } from "../../../helpers/test-network.ts";
import { type CliNetwork, openCliNetwork } from "./cli-network.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const MESH = 10n ** 18n;
const EPOCH_SECONDS = 10;
/** Identity of the voter who is no operator: the smallest there can be. */
export const VOTER_IDENTITY = 2n ** 32n;
/** Accounts of the wallets: `owner.json` is account 0, an operator. */
export const WALLETS = { owner: 0, voter: 21, holder: 22, nobody: 23, approver: 5 };

/** A network deployed as `npm start` deploys it, with a timelock that only the governor schedules with. */
export interface GovernedNetwork extends CliNetwork {
  treasury: Address;
}

/** Starts it with an operator (`owner.json`), a voter (`voter.json`), a holder of MESH (`holder.json`), the approver and `nobody.json`. */
export async function startGovernedNetwork(): Promise<GovernedNetwork> {
  const chain = await startHardhatNode();
  const file = join(ROOT, `cache/governed-network-${process.pid}.json`);
  await deploy(chain.url, file);
  const deployment = JSON.parse(readFileSync(file, "utf8")) as Pick<
    NetworkConfig,
    "epoch" | "startBlock" | "contracts"
  >;
  const config: NetworkConfig = {
    ...{ name: "governed", chainId: 31_337, rpcUrl: chain.url, indexerUrl: "http://127.0.0.1:1", relayers: [] },
    ...{ trustDomain: "pqmesh.test", ...deployment },
  };
  const network = await openCliNetwork(networkOf(config, chain), true);
  for (const [name, index] of Object.entries(WALLETS).slice(1)) {
    await network.keystore(`${name}.json`, "secp256k1", "wallet", testAccount(index).getHdKey().privateKey!);
  }
  const treasury = config.contracts.MeshTimelock;
  await chain.rpc("hardhat_impersonateAccount", treasury);
  await chain.rpc("hardhat_setBalance", treasury, "0x56bc75e2d63100000");
  await handOver(network, treasury);
  await fillHouses(network, treasury);
  return { ...network, treasury };
}

async function deploy(url: string, file: string): Promise<void> {
  const script = join(ROOT, "scripts/start/deploy-devnet.ts");
  const env = { ...process.env, PQMESH_RPC_URL: url };
  const child = spawn(process.execPath, [script, `${EPOCH_SECONDS}`, file], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [output, errors, status] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  if (status !== 0) throw new Error(`the deployment ended with ${status}: ${output}${errors}`);
}

/** Makes the governor the only proposer and canceller of the timelock, as the hand-over does. */
async function handOver({ chain, config }: CliNetwork, treasury: Address): Promise<void> {
  const council = developmentAccount("council", config.chainId).address;
  const revoked = GOVERNOR_ROLES.map((role) => {
    const args = [keccak256(stringToHex(role)), council] as const;
    return { to: treasury, data: encodeFunctionData({ abi: meshTimelockAbi, functionName: "revokeRole", args }) };
  });
  for (const call of [...governorRoles(config.contracts), ...revoked]) await chain.send({ from: treasury, ...call });
}

/** An operator with stake, a voter who is admitted, and a holder; each with MESH of the treasury. */
async function fillHouses(network: CliNetwork, treasury: Address): Promise<void> {
  const { call, config } = network;
  const [owner, voter, holder] = [WALLETS.owner, WALLETS.voter, WALLETS.holder].map((i) => testAccount(i).address);
  for (const [to, amount] of [
    [owner, 100_000n],
    [voter, 5_000n],
    [holder, 20_000n],
  ] as const) {
    await call("MeshToken", "transfer", [to, amount * MESH], treasury);
  }
  await call("NodeRegistry", "registerOperator", [owner, owner, bytesToHex(randomBytes(32))]);
  const [key] = freshPublicKeys(1);
  await call("NodeRegistry", "registerNode", [bytesToHex(key!), bytesToHex(new Uint8Array(32))]);
  await call("MeshToken", "approve", [config.contracts.NodeStaking, 2n ** 255n]);
  await call("NodeStaking", "stake", [0, 40_000n * MESH]);
  await call("MeshToken", "delegate", [holder], holder);
  const admit = { abi: admittedIdentitiesAbi, functionName: "admit", args: [voter!, VOTER_IDENTITY, 2 ** 40] } as const;
  const data: Hex = encodeFunctionData(admit);
  await network.chain.send({ from: treasury, to: config.contracts.AdmittedIdentities, data });
}
