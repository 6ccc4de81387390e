import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { DEVNET_CHAIN_ID, refuseDevelopmentKeys } from "@pqmesh/contracts/protocol/development-keys";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { ContractName, NetworkConfig } from "@pqmesh/contracts/protocol/network-config";
import { Contract, encodeBytes32String } from "ethers";
import hre from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { type Address, getAddress, isAddress, isAddressEqual, zeroAddress } from "viem";
import { openJournal } from "./journal.ts";
import { ORDERINGS, RELATIONS } from "./parameter-rows.ts";
import { devnetParameters, type PqmeshParameters, productionParameters } from "./parameters.ts";
import { devnetModule, pqmeshModule } from "./pqmesh.ts";

/** A deployed network: what network.json says about it, and the contracts to call with the deployer's account. */
export interface Deployment extends Pick<NetworkConfig, "chainId" | "epoch" | "startBlock" | "contracts"> {
  instances: Record<ContractName, Contract> & { TestStablecoin?: Contract };
}

/** What to deploy and where. */
export interface DeployRequest {
  /** Hardhat connection, for example `await hre.network.create("devnet")`. */
  connection: NetworkConnection;
  parameters: PqmeshParameters;
}

/**
 * Deploys all contracts of a network with Hardhat Ignition. On a chain reached by HTTP an interrupted deployment goes on
 * where it stopped.
 *
 * @throws Error when the approver is nobody or the proposer, a development account is used on another chain than 31337, or
 * Ignition fails.
 */
export async function deployPqmesh({ connection, parameters }: DeployRequest): Promise<Deployment> {
  const { ethers } = connection;
  const chainId = Number((await ethers.provider.getNetwork()).chainId);
  const deployer = (await ethers.getSigners())[0];
  if (!deployer) throw new Error(`network ${connection.networkName} has no account to deploy with`);
  requireSecondApprover(parameters);
  refuseDevelopmentKeys(chainId, {
    deployer: deployer.address,
    "interim proposer": parameters.interimProposer,
    approver: parameters.approver,
    "team beneficiary": parameters.teamBeneficiary,
    "investor beneficiary": parameters.investorBeneficiary,
  });
  const journal = await openJournal(connection);
  const isLocal = chainId === DEVNET_CHAIN_ID;
  const options = {
    deploymentId: journal.id,
    defaultSender: deployer.address,
    parameters: moduleParameters(parameters),
    config: isLocal ? { requiredConfirmations: 1, blockPollingInterval: 50 } : {},
  };
  const instances =
    parameters.stablecoinMinter === undefined
      ? await connection.ignition.deploy(pqmeshModule, options)
      : await connection.ignition.deploy(devnetModule, options);
  if (isLocal) journal.remove();
  const addresses = await Promise.all(
    Object.entries(instances).map(
      async ([name, contract]) => [name, (await contract.getAddress()) as Address] as const,
    ),
  );
  const contracts = Object.fromEntries(addresses) as Deployment["contracts"];
  const LeaseEscrow = new Contract(contracts.LeaseEscrow, leaseEscrowAbi, deployer);
  const named = { ...instances, LeaseEscrow };
  return { chainId, epoch: parameters.epoch, startBlock: journal.startBlock, contracts, instances: named };
}

function requireSecondApprover({ approver, interimProposer }: PqmeshParameters): void {
  if (isAddressEqual(approver, zeroAddress)) throw new Error("the approver is the zero address: nobody could approve");
  if (!isAddressEqual(approver, interimProposer)) return;
  throw new Error(`approver ${approver} is the interim proposer: critical operations need a second one`);
}

/** The parameters as Ignition takes them, with ids as the contract has them. */
function moduleParameters(parameters: PqmeshParameters): Record<string, Record<string, never>> {
  const { epoch, windows, emissions, team, investors, start } = parameters;
  const rows = parameters.rows.map(({ id, value, min, max, notice }) => {
    return { id: encodeBytes32String(id), value, pending: value, effectiveAt: 0, min, max, notice };
  });
  const orderings = ORDERINGS.map(({ addends, relation, bound }) => ({
    addends: addends.map(encodeBytes32String),
    relation: RELATIONS.indexOf(relation),
    bound: encodeBytes32String(bound),
  }));
  const network = {
    timelockDelay: parameters.timelockDelay,
    replacementDelay: parameters.replacementDelay,
    interimProposer: parameters.interimProposer,
    approver: parameters.approver,
    executor: parameters.executor,
    teamBeneficiary: parameters.teamBeneficiary,
    investorBeneficiary: parameters.investorBeneficiary,
    start,
    emissionYears: emissions.years,
    emissionDecayBp: emissions.decayBp,
    teamCliff: team.cliffSeconds,
    teamDuration: team.durationSeconds,
    investorCliff: investors.cliffSeconds,
    investorDuration: investors.durationSeconds,
    epochGenesis: epoch.genesis,
    epochLength: epoch.lengthSeconds,
    reportWindow: windows.report,
    commitWindow: windows.commit,
    challengeWindow: windows.challenge,
    responseWindow: windows.response,
    downtimeWindow: parameters.downtimeWindow,
    rows,
    orderings,
  };
  const devnet = { stablecoinMinter: parameters.stablecoinMinter };
  return { PQMesh: network, PQMeshDevnet: devnet } as unknown as Record<string, Record<string, never>>;
}

const help = `Usage: node scripts/deploy/deploy.ts --network NETWORK --proposer ADDRESS --approver ADDRESS [options]

Deploys all contracts and prints the part of network.json that describes them. NETWORK is one of hardhat.config.ts:
"devnet" is a local chain (31337), "external" any other; both take the URL from PQMESH_RPC_URL, and "external" the
deployer's key from PQMESH_DEPLOYER_KEY. An interrupted deployment goes on where it stopped.

Options:
  --network NETWORK    network to deploy to
  --proposer ADDRESS   interim proposer and canceller of the timelock, until a governor takes over
  --approver ADDRESS   second account, which approves critical operations of the timelock; never the proposer
  --team ADDRESS       owner of the team's vesting vault
  --investors ADDRESS  owner of the investors' vesting vault
  --minter ADDRESS     minter of the test stablecoin (chain 31337 only)
  --out FILE           write the result to a file
  --help               show this text`;

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      ...{ network: text, proposer: text, approver: text, team: text, investors: text, minter: text, out: text },
      help: { type: "boolean" },
    },
  });
  if (values.help || values.network === undefined) return console.log(help);
  const address = (option: "proposer" | "approver" | "team" | "investors" | "minter"): Address => {
    const value = values[option] ?? "";
    if (!isAddress(value)) throw new Error(`--${option} must be an address, it is "${value}"`);
    return getAddress(value);
  };
  const roles = {
    interimProposer: address("proposer"),
    approver: address("approver"),
    teamBeneficiary: address("team"),
    investorBeneficiary: address("investors"),
  };
  const connection = await hre.network.create(values.network);
  const { startTime } = await openJournal(connection);
  const isLocal = Number((await connection.ethers.provider.getNetwork()).chainId) === DEVNET_CHAIN_ID;
  const parameters = isLocal
    ? devnetParameters({ ...roles, stablecoinMinter: address("minter") }, startTime)
    : productionParameters(roles, startTime);
  const { instances: _, ...result } = await deployPqmesh({ connection, parameters });
  const json = `${JSON.stringify(result, null, 2)}\n`;
  if (values.out === undefined) process.stdout.write(json);
  else writeFileSync(values.out, json);
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
