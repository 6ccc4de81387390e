import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import type { NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { privilegeRows } from "@pqmesh/contracts/protocol/privileges";
import {
  type Abi,
  type Address,
  bytesToHex,
  encodeDeployData,
  encodeFunctionData,
  type HDAccount,
  type Hex,
  keccak256,
  numberToHex,
  parseEther,
  stringToHex,
  zeroAddress,
} from "viem";
import { startAnvil, type TestChain, testAccount } from "../../helpers/anvil.ts";
import { deployTestNetwork, freshPublicKeys, type TestNetwork } from "../../helpers/test-network.ts";
import { type IndexerProcess, startIndexer } from "./indexer-process.ts";
import { serveSite } from "./site.ts";

const ARTIFACT = join(import.meta.dirname, "../../../artifacts/contracts/MeshTimelock.sol/MeshTimelock.json");
/** Seconds of an epoch, and of the delay of the timelock. */
const EPOCH_SECONDS = 6;
export const TIMELOCK_DELAY = 10;
/** Seconds of voting, so that nobody hurries; tests move the clock. */
export const VOTING_PERIOD = 600;
/** Seconds after which an approver who is lost can be replaced. */
const REPLACEMENT_DELAY = 86_400;

/** Owner of an operator with a staked node; voter whom the DAO admitted; holder of MESH; the timelock's approver. */
export const [OPERATOR, VOTER, HOLDER, APPROVER] = [0, 21, 22, 23].map(testAccount) as [
  HDAccount,
  HDAccount,
  HDAccount,
  HDAccount,
];
/** Identity of the voter: the smallest that is no operator's. */
export const VOTER_IDENTITY = 2n ** 32n;

/** A network whose DAO governs itself, as the dApp meets it: chain, contracts, indexer and the built site, no relayer. */
export interface GovernedDapp {
  url: string;
  config: NetworkConfig;
  chain: TestChain;
  indexer: IndexerProcess;
  /** Moves the chain's clock forward and mines a block then. */
  pass(seconds: number): Promise<void>;
  /** Sends a call; from the timelock, too. */
  send(call: GovernedCall): Promise<void>;
  stop(): Promise<void>;
}

/** A call that a test makes beside the browser. */
export interface GovernedCall {
  from: Address;
  to: Address;
  abi: Abi;
  name: string;
  args: readonly unknown[];
}

/** Starts it. Stake, locks and units are old enough to count: 200 units of the operator, 50 of the voter. */
export async function startGovernedDapp(): Promise<GovernedDapp> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.reverse()) await one();
  };
  try {
    const chain = await startAnvil();
    stops.push(() => chain.stop());
    const timelock = await deployTimelock(chain);
    const network = await deployTestNetwork(chain, { epochSeconds: EPOCH_SECONDS, admin: timelock });
    const send: GovernedDapp["send"] = async ({ from, to, abi, name, args }) => {
      const data = encodeFunctionData({ abi, functionName: name, args });
      await chain.send({ from, to, data });
    };
    const pass: GovernedDapp["pass"] = async (seconds) => {
      await chain.rpc("evm_increaseTime", seconds);
      await chain.mine(1);
    };
    await takeOffice(network, timelock);
    await fillHouses({ network, timelock, send, pass });
    await chain.rpc("evm_setIntervalMining", 1);
    const indexer = await startIndexer(network.config);
    stops.push(() => indexer.stop());
    const config: NetworkConfig = { ...network.config, name: "PQMesh test", indexerUrl: indexer.url };
    const site = await serveSite(config, chain);
    stops.push(() => site.stop());
    return { url: site.url, config, chain, indexer, pass, send, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The timelock first: it deploys the rest, so that it is admin from the first block. */
async function deployTimelock(chain: TestChain): Promise<Address> {
  const { bytecode } = JSON.parse(readFileSync(ARTIFACT, "utf8")) as { bytecode: Hex };
  const from = OPERATOR.address;
  const args = [BigInt(TIMELOCK_DELAY), BigInt(REPLACEMENT_DELAY), from, APPROVER.address, zeroAddress] as const;
  const { contractAddress } = await chain.send({
    from,
    data: encodeDeployData({ abi: meshTimelockAbi, bytecode, args }),
  });
  await chain.rpc("anvil_impersonateAccount", contractAddress);
  await chain.rpc("anvil_setBalance", contractAddress, numberToHex(parseEther("1000")));
  return contractAddress;
}

/** The governor alone proposes and cancels; what is critical needs the approver. */
async function takeOffice({ chain, config: { contracts } }: TestNetwork, timelock: Address): Promise<void> {
  const call = async (from: Address, data: Hex): Promise<void> => {
    await chain.send({ from, to: timelock, data });
  };
  for (const name of ["PROPOSER_ROLE", "CANCELLER_ROLE"]) {
    const role = keccak256(stringToHex(name));
    const grant = { abi: meshTimelockAbi, functionName: "grantRole", args: [role, contracts.MeshGovernor] } as const;
    await call(timelock, encodeFunctionData(grant));
    const revoke = { abi: meshTimelockAbi, functionName: "revokeRole", args: [role, OPERATOR.address] } as const;
    await call(timelock, encodeFunctionData(revoke));
  }
  const rows = { abi: meshTimelockAbi, functionName: "setPrivileges", args: [privilegeRows(contracts)] } as const;
  await call(OPERATOR.address, encodeFunctionData(rows));
}

async function fillHouses({
  network,
  timelock,
  send,
  pass,
}: Pick<GovernedDapp, "send" | "pass"> & { network: TestNetwork; timelock: Address }): Promise<void> {
  const { call, config } = network;
  const { AdmittedIdentities, QuadraticVotes } = config.contracts;
  for (const [{ address }, whole] of [
    [OPERATOR, 100_000],
    [VOTER, 5_000],
    [HOLDER, 20_000],
  ] as const) {
    await call("MeshToken", "transfer", [address, parseEther(`${whole}`)], timelock);
  }
  await call("NodeRegistry", "registerOperator", [OPERATOR.address, OPERATOR.address, bytesToHex(randomBytes(32))]);
  const [key] = freshPublicKeys(1);
  await call("NodeRegistry", "registerNode", [bytesToHex(key!), bytesToHex(new Uint8Array(32))]);
  await call("MeshToken", "approve", [config.contracts.NodeStaking, 2n ** 255n]);
  await call("NodeStaking", "stake", [0, parseEther("40000")]);
  await call("MeshToken", "delegate", [HOLDER.address], HOLDER.address);
  const periods = { votingPeriod: VOTING_PERIOD, voteUnlockDelay: 2 * VOTING_PERIOD };
  const changes = Object.entries(periods).map(([id, value]) => ({
    id: stringToHex(id, { size: 32 }),
    value: BigInt(value),
  }));
  await call("NetworkParameters", "setMany", [changes], timelock);
  const gate = { from: timelock, to: AdmittedIdentities, abi: admittedIdentitiesAbi as Abi };
  await send({ ...gate, name: "admit", args: [VOTER.address, VOTER_IDENTITY, 2 ** 40] });
  await call("MeshToken", "approve", [QuadraticVotes, 2n ** 255n], VOTER.address);
  const votes = { to: QuadraticVotes, abi: quadraticVotesAbi as Abi };
  await send({ ...votes, from: VOTER.address, name: "lock", args: [parseEther("2500")] });
  await pass(2 * EPOCH_SECONDS + 1);
  await send({ ...votes, from: HOLDER.address, name: "syncMany", args: [[1n, VOTER_IDENTITY]] });
}
