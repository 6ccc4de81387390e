import { readFileSync } from "node:fs";
import { join } from "node:path";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { testStablecoinAbi } from "@pqmesh/contracts/generated/test-stablecoin-abi";
import { PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import { summarise } from "@pqmesh/contracts/protocol/report-summary";
import {
  type Abi,
  type Address,
  encodeDeployData,
  encodeFunctionData,
  type Hex,
  keccak256,
  maxUint256,
  zeroHash,
} from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import { callContract } from "./call-contract.ts";
import { type DappNetwork, USER } from "./dapp-network.ts";

const ARTIFACT = join(
  import.meta.dirname,
  "../../../artifacts/contracts/devnet/TestStablecoin.sol/TestStablecoin.json",
);

/** One unit of the market's stablecoin. */
export const DOLLAR = 1_000_000n;

/** Account that is on the operator's list and owns an identity of its own; account that offers are for. */
export const MEMBER = testAccount(13);
export const INVITED = testAccount(15);
/** Owner of every node. */
export const PROVIDER = testAccount(0);

/** Terms of every listing: ten cents for a unit and epoch, breached after three missed epochs in a row. */
const TERMS = {
  ...{ price: DOLLAR / 10n, bondEpochs: 5, graceEpochs: 3, minEpochs: 2, maxEpochs: 200, uptimeBp: 5_000 },
  ...{ maxMissedRun: 3, acceptEpochs: 20, noticeEpochs: 2, isMetered: false },
};

/** The marketplace of a small network: a listing of each privacy level, a metered one, and people with dollars. */
export interface DappMarket {
  token: Address;
  /** Numbers of the listings by level. */
  listings: Record<PrivacyLevel, number>;
  /** Number of a listing that is paid by vouchers. */
  metered: number;
}

/** Sets the marketplace up; node 1 is what is rented out. */
export async function openMarket(network: DappNetwork): Promise<DappMarket> {
  const { chain, config } = network;
  const admin = PROVIDER.address;
  const { bytecode } = JSON.parse(readFileSync(ARTIFACT, "utf8")) as { bytecode: Hex };
  const deploy = encodeDeployData({ abi: testStablecoinAbi, bytecode, args: [admin] });
  const { contractAddress: token } = await chain.send({ from: admin, data: deploy });
  for (const { address } of [PROVIDER, USER, MEMBER, INVITED]) {
    await sendTo(network, token, "mint", [address, 5_000n * DOLLAR]);
  }
  await sendTo(network, token, "approve", [config.contracts.LeaseEscrow, maxUint256]);
  const escrow = { from: admin, contract: "LeaseEscrow", abi: leaseEscrowAbi as Abi } as const;
  const rule = { isAllowed: true, janitorFee: DOLLAR / 2n, minDeposit: 1n };
  await callContract(network, { ...escrow, name: "setTokenRule", args: [token, rule] });
  await callContract(network, { ...escrow, name: "depositBond", args: [1, token, 500n * DOLLAR, "0x"] });
  await showCapacity(network, 1);
  const listings = {} as Record<PrivacyLevel, number>;
  for (const [i, privacy] of PRIVACY_LEVELS.entries()) {
    listings[privacy] = await list(network, { token, privacy: i, shareBp: 500 });
  }
  const metered = await list(network, { token, privacy: 4, shareBp: 500, isMetered: true });
  const asOwner = { from: admin, contract: "NodeListings", abi: nodeListingsAbi as Abi } as const;
  await callContract(network, { ...asOwner, name: "setMembers", args: [1, [MEMBER.address], true] });
  await callContract(network, {
    ...{ from: MEMBER.address, contract: "NodeRegistry", abi: nodeRegistryAbi, name: "registerOperator" },
    args: [MEMBER.address, MEMBER.address, keccak256(MEMBER.address)],
  });
  return { token, listings, metered };
}

/** Shows what a node attested in the newest reported epoch. */
async function showCapacity(network: DappNetwork, nodeIndex: number): Promise<void> {
  const { attestations, report, tree, signers } = [...network.driver.epochs.values()].at(-1)!;
  const { attestation, signature } = attestations.get(nodeIndex)!;
  const args = [summarise(report, signers), attestation, keccak256(signature), tree.proof(nodeIndex)];
  await callContract(network, {
    ...{ from: PROVIDER.address, contract: "NodeListings", abi: nodeListingsAbi, name: "showCapacity", args },
  });
}

async function list(
  network: DappNetwork,
  {
    token,
    privacy,
    shareBp,
    isMetered = false,
  }: { token: Address; privacy: number; shareBp: number; isMetered?: boolean },
): Promise<number> {
  const supply = { nodeIndex: 1, units: 5, shareBp, kind: 0, privacy };
  const specs = '{"architecture":"x86-64","clockMhz":3200,"threads":2}';
  const description = { metadata: zeroHash, jurisdiction: "0x4445", specs };
  await callContract(network, {
    ...{ from: PROVIDER.address, contract: "NodeListings", abi: nodeListingsAbi, name: "createListing" },
    args: [supply, { token, ...TERMS, isMetered }, description],
  });
  const data = encodeFunctionData({ abi: nodeListingsAbi, functionName: "listingCount" });
  const to = network.config.contracts.NodeListings;
  return Number(await network.chain.rpc<Hex>("eth_call", { to, data }, "latest"));
}

async function sendTo(
  { chain }: DappNetwork,
  token: Address,
  functionName: "mint" | "approve",
  args: [Address, bigint],
): Promise<void> {
  const data = encodeFunctionData({ abi: testStablecoinAbi, functionName, args });
  await chain.send({ from: PROVIDER.address, to: token, data });
}
