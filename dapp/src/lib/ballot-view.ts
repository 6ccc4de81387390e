import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { keptReason, reasonWords } from "@pqmesh/contracts/protocol/ballot-reason";
import type { Address, Hex } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { searchBack } from "./search-back.ts";

/** Newest ballots that are read from logs. */
const BALLOTS = 1_000;

/** A ballot as it was cast. Units have 9 decimals, MESH is wei. */
export interface BallotView {
  proposalId: bigint;
  voter: Address;
  /** 0 against, 1 for, 2 abstaining. */
  support: number;
  units: bigint;
  /** MESH wei in the token house. */
  tokens: bigint;
  /** Its beginning, and how long it is, where it is longer than anybody reads. */
  reason: string;
  /** Unix seconds; undefined when only the block is known. */
  castAt?: number;
  transaction: Hex;
}

/** Whose ballots, or those of which proposal. */
export type BallotSearch = { voter: Address } | { proposalId: bigint; fromBlock: bigint | undefined };

/** Reads ballots from logs, newest first. */
export async function ballotsFromChain(access: ChainAccess, search: BallotSearch): Promise<BallotView[]> {
  const { client, config } = access;
  const governor = { address: config.contracts.MeshGovernor, abi: meshGovernorAbi } as const;
  const voter = "voter" in search ? { args: { voter: search.voter } } : {};
  const start = "fromBlock" in search ? Number(search.fromBlock ?? config.startBlock) : config.startBlock;
  return searchBack(client, start, {
    count: BALLOTS,
    read: async (range) => {
      const [cast, tokens] = await Promise.all([
        client.getContractEvents({ ...governor, ...voter, eventName: "VoteCast", ...range, strict: true }),
        client.getContractEvents({ ...governor, ...voter, eventName: "TokenVoteCast", ...range, strict: true }),
      ]);
      const weights = new Map(tokens.map(({ args }) => [ballotKey(args), args.weight]));
      return cast
        .filter(({ args }) => "voter" in search || args.proposalId === search.proposalId)
        .map(({ args, transactionHash }) => ({
          ...{ proposalId: args.proposalId, voter: args.voter, support: args.support, units: args.weight },
          ...{ tokens: weights.get(ballotKey(args)) ?? 0n, transaction: transactionHash },
          reason: reasonWords(keptReason(args.reason), args.reason.length),
        }));
    },
  });
}

/** When a ballot was cast, for CSV; empty where only its block is known. */
export function castTime(castAt: number | undefined): string | undefined {
  return castAt === undefined ? undefined : new Date(castAt * 1_000).toISOString();
}

function ballotKey({ voter, proposalId }: { voter: Address; proposalId: bigint }): string {
  return `${voter.toLowerCase()} ${proposalId}`;
}
