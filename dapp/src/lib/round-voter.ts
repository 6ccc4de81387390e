import { admittedIdentitiesAbi } from "@pqmesh/contracts/generated/admitted-identities-abi";
import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { type Address, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { formatTime, formatVotingUnits } from "./format.ts";
import { type NetworkServices, readEither } from "./network-services.ts";
import type { RoundView, SeasonView } from "./round-view.ts";
import { searchBack } from "./search-back.ts";

/** What a wallet can do in a round. */
export interface RoundVoter {
  /** Identity that the gate certifies now, 0 when there is none. */
  identity: bigint;
  /** Account that holds it by the votes contract, and since when (Unix seconds). */
  holder: Address;
  since: number;
  /** Units of the identity, 9 decimals. */
  units: bigint;
  /** Its votes for every option of the round. */
  votes: number[];
  /** Credits that it has spent in the season. */
  spent: number;
}

/** Reads what a wallet can do in a round. */
export async function readRoundVoter(
  { client, config }: ChainAccess,
  { id, season, options }: RoundView,
  wallet: Address,
): Promise<RoundVoter> {
  const votes = { address: config.contracts.QuadraticVotes, abi: quadraticVotesAbi } as const;
  const rounds = { address: config.contracts.QuadraticRound, abi: quadraticRoundAbi } as const;
  const gate = await client.readContract({ ...votes, functionName: "gate" });
  const identity = await client.readContract({
    ...{ address: gate, abi: admittedIdentitiesAbi, functionName: "identityOf", args: [wallet] },
  });
  if (identity === 0n) {
    return { identity, holder: zeroAddress, since: 0, units: 0n, votes: options.map(() => 0), spent: 0 };
  }
  const [holding, ballot, spent] = await Promise.all([
    client.readContract({ ...votes, functionName: "holdingOf", args: [identity] }),
    client.readContract({ ...rounds, functionName: "ballotOf", args: [id, identity] }),
    client.readContract({ ...rounds, functionName: "spentOf", args: [season.season, identity] }),
  ]);
  return {
    ...{ identity, holder: holding.account, since: holding.since, units: BigInt(holding.units) },
    ...{ votes: ballot.map(Number), spent: Number(spent) },
  };
}

/** Why a wallet cannot vote in a season; undefined when it can, as far as it is open. */
export function voterProblem(
  voter: RoundVoter,
  { startsAt, minUnits }: SeasonView,
  wallet: Address,
): string | undefined {
  if (voter.identity === 0n) {
    return "This wallet has no certified identity: it owns no operator in good standing, and is no voter. Credits belong to identities.";
  }
  if (voter.holder.toLowerCase() !== wallet.toLowerCase()) {
    return "Nobody has synced the identity of this wallet yet. That must be done before the season begins.";
  }
  if (voter.since > startsAt) {
    return `This wallet holds its identity since ${formatTime(voter.since)}; it must since the season begins, at ${formatTime(startsAt)}.`;
  }
  if (voter.units >= minUnits) return undefined;
  return `This season asks for ${formatVotingUnits(minUnits)} units; the identity has ${formatVotingUnits(voter.units)}. Stake or lock MESH, and sync when it is old enough.`;
}

/** Identities that voted in a round and are not certified any more, whose votes can be taken out. */
export async function readDiscardable(services: NetworkServices, id: number): Promise<bigint[]> {
  const { client, config } = services;
  const voted = await readEither(services, {
    fromIndexer: () => votersFromIndexer(services, id),
    fromChain: () => votersFromChain(services, id),
  });
  const gate = await client.readContract({
    ...{ address: config.contracts.QuadraticVotes, abi: quadraticVotesAbi, functionName: "gate" },
  });
  const standing = await Promise.all(
    voted.map(async (identity) => {
      const rounds = { address: config.contracts.QuadraticRound, abi: quadraticRoundAbi } as const;
      const [account, votes] = await Promise.all([
        client.readContract({
          ...{ address: gate, abi: admittedIdentitiesAbi, functionName: "accountOf", args: [identity] },
        }),
        client.readContract({ ...rounds, functionName: "ballotOf", args: [id, identity] }),
      ]);
      return { identity, isVoid: account === zeroAddress && votes.some((count) => count > 0n) };
    }),
  );
  return standing.filter(({ isVoid }) => isVoid).map(({ identity }) => identity);
}

/** Newest voters whose certificates are looked at; `pqmesh round show` looks at all. */
const LOOKED_AT = 200;

const VOTERS = `query RoundVoters($round: String!, $first: Int!) {
  roundBallots(first: $first, orderBy: changedAt, orderDirection: desc, where: { round: $round, isDiscarded: false }) {
    identity { id }
  }
}`;

async function votersFromIndexer({ indexer }: NetworkServices, id: number): Promise<bigint[]> {
  const { roundBallots } = await indexer.query<{ roundBallots: { identity: { id: string } }[] }>(VOTERS, {
    ...{ round: String(id), first: LOOKED_AT },
  });
  return roundBallots.map(({ identity }) => BigInt(identity.id));
}

async function votersFromChain({ client, config }: NetworkServices, id: number): Promise<bigint[]> {
  const logs = await searchBack(client, config.startBlock, {
    count: LOOKED_AT,
    read: (range) =>
      client.getContractEvents({
        ...{ address: config.contracts.QuadraticRound, abi: quadraticRoundAbi, eventName: "Voted" },
        ...{ args: { roundId: id }, ...range, strict: true },
      }),
  });
  return [...new Set(logs.map(({ args }) => args.identity))];
}
