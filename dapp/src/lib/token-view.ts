import { caesarEmissionsAbi } from "@pqmesh/contracts/generated/caesar-emissions-abi";
import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { vestingVaultAbi } from "@pqmesh/contracts/generated/vesting-vault-abi";
import { splitDrawn } from "@pqmesh/contracts/protocol/drawn-emissions";
import type { ContractName } from "@pqmesh/contracts/protocol/network-config";
import { type Address, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";

/** What a wallet holds and votes with; amounts are MESH wei. */
export interface TokenAccount {
  mesh: bigint;
  /** Votes that it can cast: its own, and those that others delegated to it. */
  votes: bigint;
  /** Who casts its votes; undefined while nobody does. */
  delegate?: Address;
}

/** A vault from which locked tokens vest; amounts are MESH wei, times Unix seconds. */
export interface VestingView {
  name: string;
  address: Address;
  owner: Address;
  start: number;
  cliff: number;
  end: number;
  /** Everything it ever held of MESH. */
  total: bigint;
  released: bigint;
  releasable: bigint;
  /** What had vested when the cliff was over. */
  atCliff: bigint;
}

/** Where MESH is; amounts are MESH wei. */
export interface SupplyPart {
  name: string;
  amount: bigint;
}

/** How far the operators' bucket is emitted; amounts are MESH wei, times Unix seconds. */
export interface EmissionView {
  bucket: bigint;
  emitted: bigint;
  /** Paid by claims, to operators and into pools. */
  paid: bigint;
  /** Drawn by the rewards contract for words that are over, and not claimed yet. */
  unclaimed: bigint;
  /** Not earned by absent nodes and not emitted again yet. */
  recyclable: bigint;
  /** What the published curve allows up to now. */
  ceiling: bigint;
  accruedUntil: number;
  decayBp: number;
  /** The published curve at its start and at the end of each of its years; straight in between. */
  curve: { time: number; emitted: bigint }[];
}

const YEAR = 365 * 86_400;

/** Contracts that hold MESH, in the order in which they are listed. */
const HOLDERS: readonly { name: string; contract: ContractName }[] = [
  { name: "Left to emit", contract: "CaesarEmissions" },
  { name: "Earned, returned or not claimed yet", contract: "NodeRewards" },
  { name: "Team, locked or not released", contract: "TeamVesting" },
  { name: "Investors, locked or not released", contract: "InvestorVesting" },
  { name: "Treasury of the community", contract: "MeshTimelock" },
  { name: "Stake of operators", contract: "NodeStaking" },
  { name: "Delegated to nodes", contract: "NodeDelegation" },
  { name: "Bonds of relayers", contract: "RelayerCommittee" },
  { name: "Set aside for reports", contract: "CommitteeFees" },
  { name: "Frozen by slashes", contract: "NodeSlashing" },
  { name: "Bonds of proposed slashes", contract: "SlashProposals" },
];

/** Reads what a wallet holds and votes with. */
export async function readTokenAccount({ client, config }: ChainAccess, wallet: Address): Promise<TokenAccount> {
  const token = { address: config.contracts.MeshToken, abi: meshTokenAbi, args: [wallet] } as const;
  const [mesh, votes, delegate] = await Promise.all([
    client.readContract({ ...token, functionName: "balanceOf" }),
    client.readContract({ ...token, functionName: "getVotes" }),
    client.readContract({ ...token, functionName: "delegates" }),
  ]);
  return { mesh, votes, ...named(delegate) };
}

/** Reads the vaults of team and investors. */
export function readVestings(access: ChainAccess): Promise<VestingView[]> {
  const { TeamVesting, InvestorVesting } = access.config.contracts;
  return Promise.all([readVesting(access, "Team", TeamVesting), readVesting(access, "Investors", InvestorVesting)]);
}

async function readVesting({ client, config }: ChainAccess, name: string, address: Address): Promise<VestingView> {
  const vault = { address, abi: vestingVaultAbi } as const;
  const token = config.contracts.MeshToken;
  const mesh = { address: token, abi: meshTokenAbi, args: [address] } as const;
  const [owner, start, cliff, end, released, releasable, held] = await Promise.all([
    client.readContract({ ...vault, functionName: "owner" }),
    client.readContract({ ...vault, functionName: "start" }),
    client.readContract({ ...vault, functionName: "cliff" }),
    client.readContract({ ...vault, functionName: "end" }),
    client.readContract({ ...vault, functionName: "released", args: [token] }),
    client.readContract({ ...vault, functionName: "releasable", args: [token] }),
    client.readContract({ ...mesh, functionName: "balanceOf" }),
  ]);
  const atCliff = await client.readContract({ ...vault, functionName: "vestedAmount", args: [token, cliff] });
  return {
    ...{ name, address, owner, released, releasable, atCliff, total: held + released },
    ...{ start: Number(start), cliff: Number(cliff), end: Number(end) },
  };
}

/** Reads where the supply is: what contracts hold, and the rest, which circulates. */
export async function readSupply({ client, config }: ChainAccess): Promise<SupplyPart[]> {
  const token = { address: config.contracts.MeshToken, abi: meshTokenAbi } as const;
  const [total, ...held] = await Promise.all([
    client.readContract({ ...token, functionName: "totalSupply" }),
    ...HOLDERS.map(({ contract }) =>
      client.readContract({ ...token, functionName: "balanceOf", args: [config.contracts[contract]] }),
    ),
  ]);
  const parts = HOLDERS.map(({ name }, i) => ({ name, amount: held[i] ?? 0n }));
  const rest = total - held.reduce((sum, amount) => sum + amount, 0n);
  return [...parts, { name: "In circulation", amount: rest }].filter(({ amount }) => amount > 0n);
}

/** Reads the curve of emissions and how far it has come; `now` is chain time in Unix seconds. */
export async function readEmissions(access: ChainAccess, now: number): Promise<EmissionView> {
  const { client, config } = access;
  const caesar = { address: config.contracts.CaesarEmissions, abi: caesarEmissionsAbi } as const;
  const [bucket, drawn, [accruedUntil], [start, years, decayBp], ceiling] = await Promise.all([
    client.readContract({ ...caesar, functionName: "bucket" }),
    readDrawn(access),
    client.readContract({ ...caesar, functionName: "progress" }),
    client.readContract({ ...caesar, functionName: "curve" }),
    client.readContract({ ...caesar, functionName: "emittedBy", args: [BigInt(Math.floor(now))] }),
  ]);
  const ends = Array.from({ length: Number(years) + 1 }, (_, year) => Number(start) + year * YEAR);
  const curve = await Promise.all(
    ends.map(async (time) => ({
      time,
      emitted: await client.readContract({ ...caesar, functionName: "emittedBy", args: [BigInt(time)] }),
    })),
  );
  return {
    ...{ bucket, ...drawn, ceiling, curve },
    ...{ accruedUntil: Number(accruedUntil), decayBp: Number(decayBp) },
  };
}

/** What was emitted, and where it is. All of one block: a claim in between would count twice. */
async function readDrawn({ client, config }: ChainAccess) {
  const { CaesarEmissions, MeshToken, NodeRewards } = config.contracts;
  const blockNumber = await client.getBlockNumber({ cacheTime: 0 });
  const caesar = { address: CaesarEmissions, abi: caesarEmissionsAbi, blockNumber } as const;
  const token = { address: MeshToken, abi: meshTokenAbi, blockNumber } as const;
  const rewards = { address: NodeRewards, abi: nodeRewardsAbi, blockNumber } as const;
  const [emitted, released, held, recyclable] = await Promise.all([
    client.readContract({ ...caesar, functionName: "emitted" }),
    client.readContract({ ...caesar, functionName: "released" }),
    client.readContract({ ...token, functionName: "balanceOf", args: [NodeRewards] }),
    client.readContract({ ...rewards, functionName: "recyclable" }),
  ]);
  return { emitted, recyclable, ...splitDrawn({ released, held, recyclable }) };
}

function named(delegate: Address): { delegate?: Address } {
  return delegate === zeroAddress ? {} : { delegate };
}
